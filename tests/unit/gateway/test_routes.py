"""The whole map: every address is listed here once more, with who may use it."""

from __future__ import annotations

import pytest

from tb_share.gateway.routes import ROUTES, WrongMethod, match
from tb_share.policy.actions import Action

PUBLIC = {
    "/api/v1/device",
    "/api/v1/device/token",
    "/healthz", "/static/{rest*}", "/tb-assets/{rest*}", "/font-roboto/{rest*}", "/tf-imports/{rest*}", "/login", "/login/{token}", "/s/{token}",
    "/login/with/{provider}", "/login/callback/{provider}", "/login/backchannel/{provider}", "/enter/{token}",
}  # fmt: skip


def test_what_is_public_is_listed_here() -> None:
    assert {route.pattern for route in ROUTES if route.action is Action.PUBLIC} == PUBLIC


def test_every_pattern_begins_with_a_word_of_its_own() -> None:
    assert all(not route.pattern.startswith("/{") for route in ROUTES)


@pytest.mark.parametrize(
    ("method", "path", "name", "params"),
    [
        ("GET", "/", "projects", {}),
        ("GET", "/p/a/", "tensorboard", {"project": "a", "rest": ""}),
        ("POST", "/p/a/data/x", "tensorboard", {"project": "a", "rest": "data/x"}),
        ("GET", "/p/a", "add_slash", {"project": "a"}),
        ("DELETE", "/api/v1/projects/a/links/l", "revoke_link", {"project": "a", "link": "l"}),
        ("POST", "/s/t", "exchange", {"token": "t"}),
    ],
)
def test_addresses_lead_to_their_destination(method: str, path: str, name: str, params: dict[str, str]) -> None:
    found = match(method, path)
    assert isinstance(found, tuple)
    assert (found[0].name, dict(found[1])) == (name, params)


@pytest.mark.parametrize(
    "path", ["/p", "/p/", "/x", "/login/a/b", "/s/", "/s/a/b", "/api", "/api/v1/projects/", "/healthz/", "/projects/a/b"]
)
def test_other_addresses_lead_nowhere(path: str) -> None:
    assert match("GET", path) is None


def test_a_wrong_method_still_knows_its_place() -> None:
    found = match("PUT", "/p/a/data/x")
    assert isinstance(found, WrongMethod)
    assert (found.route.name, found.params["project"]) == ("tensorboard", "a")
