"""One real front door for the cases of groups E, F and G; those of N open their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.integration.gateway.doors import CANARY, CANARY_HOST, CANARY_PUB, Answer, RealDoor, open_real_door

REFUSALS = {400, 401, 403, 404, 405, 414, 431, 501}


@pytest.fixture(scope="session")
def door() -> Iterator[RealDoor]:
    with open_real_door() as real:
        yield real


@pytest.fixture(params=["A", "N", "V"])
def actor(request: pytest.FixtureRequest) -> str:
    """Anonymous, a member of nothing, a viewer of PRIV1."""
    return str(request.param)


@pytest.fixture
def denied(door: RealDoor) -> Iterator[Callable[[Answer], None]]:
    """Oracle DENY: a refusal, no canary anywhere, and no request reached a TensorBoard."""
    before = door.upstream_count()

    def check(answer: Answer) -> None:
        to_login = answer.status in {302, 303} and answer.headers["Location"].startswith("/login")
        assert answer.status in REFUSALS or to_login, answer.whole[:500]
        for canary in (CANARY, CANARY_HOST, CANARY_PUB):
            assert canary.encode() not in answer.whole
        assert b"evil.test" not in answer.whole

    yield check
    assert door.upstream_count() == before, "a request reached a TensorBoard"
