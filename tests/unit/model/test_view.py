import pytest

from tb_share.model.view import narrowed

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
    assert narrowed(view, SEEN) == expected
