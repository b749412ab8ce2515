"""E01-E14 as pure cases: which request targets have one reading, and which."""

from __future__ import annotations

import pytest

from tb_share.errors import PathNotCanonical
from tb_share.gateway.proxy.paths import canonical, escaped


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        ("/", "/", ""),
        ("/p/a/data/runs", "/p/a/data/runs", ""),
        ("/p/a/", "/p/a/", ""),
        ("/p/a?x=1&y=%2F..%2F", "/p/a", "x=1&y=%2F..%2F"),
        ("/p/a??", "/p/a", "?"),
        ("/p/%61", "/p/a", ""),
        ("/p/a%20b", "/p/a b", ""),
        ("/p/%C3%A4", "/p/ä", ""),
        ("/.env", "/.env", ""),
        ("/p/a..b/c.", "/p/a..b/c.", ""),
        ("/p/a+b=c&d", "/p/a+b=c&d", ""),
        ("http://evil.test/p/a?q", "/p/a", "q"),
        ("HTTPS://u@evil.test:1/p/a", "/p/a", ""),
        ("http://evil.test", "/", ""),
        ("http://evil.test?q", "/", "q"),
    ],
)
def test_E_targets_with_one_reading(target: str, path: str, query: str) -> None:
    found = canonical(target)
    assert (found.path, found.query) == (path, query)


@pytest.mark.parametrize(
    "target",
    [
        "", "p/a", "*", "a:80", "//evil.test", "///evil.test", "/p//a", "/p/a//", "/p/./a", "/p/../a", "/p/..", "/..", "/p/%2e%2e/a", "/p/.%2E/a",
        "/p/..%2fa", "/p/a%2Fb", "/p/..%5ca", "/p/a\\b", "/p/..;/a", "/p/a;b", "/p/a%3bb", "/p/a%3Fb", "/p/a%23b", "/p/a#b", "/p/a?x#y",
        "/p/%252e%252e/a", "/p/a%25", "/p/a%", "/p/a%2", "/p/a%zz", "/p/a%00", "/p/a%0a", "/p/a%7f", "/p/%c2%85", "/p/%ff", "/p/%c0%ae", "/p/%ed%a0%80",
        "/p/%e2%80%a8", "/p/a b", "/p/\t", "/p/ä", "ftp://x/p/a", "http:/x/p", "http:///p/a", "http://x//p/a", "http://x\\p", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_E_targets_with_none_or_several(target: str) -> None:
    with pytest.raises(PathNotCanonical):
        canonical(target)


@pytest.mark.parametrize("path", ["/", "/p/a/data/runs", "/p/a b/ä/é~", "/p/a+b=c&d,e@f:g!h$i'j(k)*l", "/p/x\u3000y"])
def test_what_goes_on_the_wire_is_read_back_as_the_same(path: str) -> None:
    assert canonical(escaped(path)).path == path
    assert escaped(path).isascii()
