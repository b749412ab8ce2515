"""Directories and parameters may be called anything: nobody's TensorBoard ends for that."""

from __future__ import annotations

import gzip
import json
import os
import shutil
from pathlib import Path

from tests.integration.host.conftest import LOGDIRS, hosted
from tests.processes import wait_for

SOURCE = LOGDIRS / "keras-orientation" / "test_2026-11-05T16-33"
WRONG = '{"half": "\\ud800", "\\udfff": 1, "long": ' + "9" * 309 + ', "none": NaN, "all": 1e999, "": 2}'


def test_names_and_values_that_are_no_text_close_nothing(tmp_path):
    shutil.copytree(SOURCE, tmp_path / "good")
    bad = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    shutil.copytree(SOURCE, bad)
    (bad / "config.json").write_text(WRONG)
    (tmp_path / "good" / "config.json").write_text(WRONG)
    host = hosted(tmp_path)
    with host.fleet:
        host.loaded(2)

        def listed():
            status, headers, body = host.ask("/data/plugins_listing")
            assert status == 200
            text = gzip.decompress(body) if headers.get("Content-Encoding") == "gzip" else body
            return {name for name, plugin in json.loads(text).items() if plugin["enabled"]}

        wait_for(lambda: {"scalars", "hparams", "tb_share"} <= listed())
        assert json.loads(host.ask("/data/runs")[2]) == ["good/train", "good/validation"]
        status, _, body = host.ask("/data/plugin/hparams/experiment", method="POST", body=b'{"experimentName": ""}')
        assert (status, b"half" in body) == (200, True)
        status, _, body = host.ask("/data/plugin/tb_share/experiments")
        assert (status, b"caf?" in body) == (200, True)
