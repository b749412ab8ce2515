import base64
import json
from urllib.parse import quote

import pytest

from tb_share.model.view import for_link

SEEN = ("aa", "bb")


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        pytest.param("", "", id="none"),
        pytest.param("?smoothing=0.6#timeseries", "?smoothing=0.6#timeseries", id="TensorBoard's own"),
        pytest.param("#tb_share&p.tb_share.filter=x%2Cy", "#tb_share&p.tb_share.filter=x%2Cy", id="names nobody"),
        pytest.param("#tb_share&p.tb_share.ticked=aa%2Cbb", "#tb_share&p.tb_share.ticked=aa%2Cbb", id="all seen"),
        pytest.param("#tb_share&p.tb_share.ticked=aa,cc,bb", "#tb_share&p.tb_share.ticked=aa%2Cbb~2", id="colours stay"),
        pytest.param(
            "#tb_share&p.tb_share.compare=cc%2Cbb~7%2Caa~0", "#tb_share&p.tb_share.compare=bb~7%2Caa~0", id="colours that were said"
        ),
        pytest.param("#tb_share&p.tb_share.compare=*lr%3D1", "#tb_share&p.tb_share.compare=*lr%3D1", id="what a filter passes"),
        pytest.param("#tb_share&p.tb_share.ticked=cc&p.tb_share.sort=-name", "#tb_share&p.tb_share.sort=-name", id="nobody left"),
        pytest.param("#tb_share&p.tb_share.experiment=cc&p.tb_share.baseline=bb", "#tb_share&p.tb_share.baseline=bb", id="one page"),
    ],
)
def test_a_view_names_nobody_who_is_not_seen(view, expected):
    assert for_link(view, SEEN) == expected


PINNED_SCALAR = {"plugin": "scalars", "tag": "loss"}
PINNED_IMAGE = {"plugin": "images", "tag": "seen", "runId": "defaultExperimentId/secret", "sample": 0}
CHOSEN_RUNS = quote(base64.b64encode(b'{"secret":true,"shared":false}'), safe="")


def pinned(*cards):
    return f"pinnedCards={quote(json.dumps(cards, separators=(',', ':')), safe='')}"


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (f"?{pinned(PINNED_IMAGE, PINNED_SCALAR)}&smoothing=0.6#timeseries", f"?{pinned(PINNED_SCALAR)}&smoothing=0.6#timeseries"),
        (f"?{pinned(PINNED_IMAGE)}#timeseries", "#timeseries"),
        (f"?{pinned(PINNED_SCALAR)}&darkMode=true", f"?{pinned(PINNED_SCALAR)}&darkMode=true"),
        ("?pinnedCards=%5B%7Bsecret&a=b#x", "?a=b#x"),
        (f"?pinnedCards={'[' * 8000}#x", "#x"),
        ("?pinnedCards=7#x", "#x"),
        (f"#images&runSelectionState={CHOSEN_RUNS}&tagFilter=seen", "#images&tagFilter=seen"),
        (f"#distributions&d.runSelectionState={CHOSEN_RUNS}", "#distributions"),
        ("#graphs&run=secret", "#graphs"),
    ],
)
def test_tensorboards_own_part_of_a_view_names_no_run_either(view, expected):
    assert for_link(view, SEEN) == expected
    assert for_link(view, None) == view


@pytest.mark.parametrize("ids", [None, ("aa",)])
def test_a_link_names_no_file(ids):
    view = "?x#tb_share&p.tb_share.experiment=aa&p.tb_share.page=notebooks&p.tb_share.file=secret.ipynb&p.tb_share.cell=%231"
    assert for_link(view, ids) == "?x#tb_share&p.tb_share.experiment=aa&p.tb_share.page=notebooks"


def test_a_link_to_the_whole_project_keeps_all_else():
    view = "#tb_share&p.tb_share.ticked=aa,cc&p.tb_share.filter=file%3D1"
    assert for_link(view, None) == view
    assert for_link("", None) == ""
