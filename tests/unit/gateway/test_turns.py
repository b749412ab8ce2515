"""One project, and one visitor of it, never take all threads (S-LIM-2, N05)."""

from __future__ import annotations

import pytest

from tb_share.gateway.server.turns import Claim, Turns, claims

HEAD = "{method} {target} HTTP/1.1\r\nHost: x\r\nCookie: theme=dark; tb_share={who}; other=1"


def claimed(target, who="ann", method="GET", threads=32):
    return claims(HEAD.format(method=method, target=target, who=who).encode(), threads)


def test_a_project_gets_three_quarters_and_a_visitor_one():
    assert [claim.most for claim in claimed("/p/a/data/runs")] == [24, 8]
    assert [claim.most for claim in claimed("/p/a/", threads=1)] == [1, 1]


@pytest.mark.parametrize("target", ["/p/a/x", "/%70/a/x", "http://evil.test/p/a/y?z", "/p/%61/"])
def test_one_project_is_one_whatever_the_spelling(target):
    assert claimed(target) == claimed("/p/a/")


def test_two_visitors_and_two_projects_are_two():
    assert len({claim.key for who in ("ann", "bob") for where in ("a", "b") for claim in claimed(f"/p/{where}/", who)}) == 6


@pytest.mark.parametrize("target", ["/", "/healthz", "/api/v1/projects/a", "//p/a", "/p/../x", "", "\x00", "/p"])
def test_what_is_no_tensorboard_counts_for_nothing(target):
    assert claimed(target) == ()
    assert claims(b"", 32) == claims(b"GET", 32) == ()


def claim(*keys, most=2):
    return tuple(Claim(key, most) for key in keys)


def test_whoever_is_one_too_many_waits_and_nobody_else_does():
    turns = Turns()
    assert [turns.begin(n, claim("a")) for n in range(4)] == [True, True, False, False]
    assert turns.begin("other", claim("b"))
    assert turns.begin("none", ())
    assert turns.waiting == 2
    assert turns.end("other") == []
    assert turns.end("none") == []
    assert turns.end(0) == [2]
    assert turns.end(1) == [3]
    assert turns.end(2) == turns.end(3) == []
    assert turns.begin("again", claim("a"))


def test_one_end_may_let_in_two():
    turns = Turns()
    project, visitor = Claim("project", 1), Claim("visitor", 1)
    assert turns.begin(1, (project, visitor))
    assert not turns.begin("same project", (project,))
    assert not turns.begin("same visitor", (visitor,))
    assert turns.end(1) == ["same project", "same visitor"]


def test_who_was_never_let_in_ends_nothing():
    turns = Turns()
    turns.begin(1, claim("a", most=1))
    turns.begin(2, claim("a", most=1))
    assert turns.end("stranger") == []
    assert turns.end(2) == []
    assert turns.waiting == 1
