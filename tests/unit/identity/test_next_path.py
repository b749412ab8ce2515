"""Group D: where to go after signing in."""

from __future__ import annotations

import pytest

from tb_share.identity.next_path import next_path

OFF_SITE = {
    "D01": ["//evil.test", "///evil.test", "////evil.test"],
    "D02": ["/\\evil.test", "\\\\evil.test", "/\\/evil.test", "/%5cevil.test", "/%2fevil.test"],
    "D04": ["https://evil.test", "HtTpS:evil.test", "https:/evil.test", "https:///evil.test"],
    "D05": ["javascript:alert(1)", "data:text/html,x", " javascript:x", "\x00javascript:x", "\tvbscript:x", "vbscript:x"],
    "D07": ["/./..//evil.test", "/..//evil.test", "/x/../../\\evil.test", "/%2e%2e/x"],
    "D08": ["／／evil.test", "/％2fevil", "//evil。test", "/／evil.test"],
    "D11": ["/login", "/login?next=/x", "/logout", "/api/v1/me", "/s/token", "/login/abc"],
    "long": ["/" + "a" * 2100],
    "none": ["", None, "p/x", "?x", "#x", "/a b", "/a\nb", "/a%0ab", "/a\x7f"],
}


@pytest.mark.parametrize(
    ("case", "value"), [pytest.param(case, value, id=f"{case}-{value!r}") for case, values in OFF_SITE.items() for value in values]
)
def test_D_anything_but_a_page_of_ours_is_the_front_page(case, value):
    assert next_path(value) == "/"


@pytest.mark.parametrize(
    "value", ["/", "/p/a/?smoothing=0.5&runFilter=a%2Fb", "/ok?u=https://evil.test/#//x", "/projects/a", "/p/a/?next=//x"]
)
def test_D10_a_legal_value_survives_as_it_is(value):
    assert next_path(value) == value
