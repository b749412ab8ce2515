import pytest

from tb_share.cli.durations import seconds
from tb_share.errors import SetUpError


@pytest.mark.parametrize(
    ("text", "expected"), [("90s", 90), ("30m", 1800), ("12h", 43200), ("7d", 604800), ("2W", 1209600), (" 1d ", 86400)]
)
def test_as_people_type_it(text, expected):
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["", "7", "d", "0d", "-1d", "1.5h", "1y", "7 d", "1d2h", "9999999d", "٧d"])
def test_anything_else_is_refused(text):
    with pytest.raises(SetUpError, match="as 7d"):
        seconds(text)
