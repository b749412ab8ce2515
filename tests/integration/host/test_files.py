"""Files beside the logs, from a real host: handed out, or only listed where the administrator wants that."""

from __future__ import annotations

import json

import pytest

from tests.integration.host.conftest import LOGDIRS, hosted

WITH_FILES = "mobilenet_small_lr1e-3_bs32_2026-11-05T10-20"


@pytest.mark.parametrize("handed_out", [True, False])
def test_files_are_handed_out_unless_the_settings_say_no(keras_catalogue, handed_out):
    experiment = next(each.id for each in keras_catalogue.experiments if each.path == WITH_FILES)
    host = hosted(LOGDIRS / "keras-orientation", hand_out_files=handed_out)
    with host.fleet:
        host.loaded(34)
        listed = json.loads(host.ask(f"/data/plugin/tb_share/files?id={experiment}")[2])
        assert [each["name"] for each in listed["files"]] == ["config.json"]
        assert listed["contents"] is handed_out
        status, _, body = host.ask(f"/data/plugin/tb_share/file?id={experiment}&name=config.json")
        assert status == (200 if handed_out else 404)
        assert (b"mobilenet" in body) is handed_out
        assert host.ask(f"/data/plugin/tb_share/file?id={experiment}&name=config.json", files=False)[0] == 404
