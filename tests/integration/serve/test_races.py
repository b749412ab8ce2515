"""Many at once, on a front door of four processes, over both kinds of database: each rule holds as if they had come one after the other."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tb_share.operations.members import MOST_TO_ONE
from tests.postgresql import cluster, database
from tests.running_serve import Browser, RunningServe, start_serve

MANY = 200
PROJECT = "/api/v1/projects/logs"
JSON = {"Content-Type": "application/json"}
EXPERIMENT = "0123456789abcdef"
TOGETHER = 8
WORDS = 6


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def running(request, tmp_path_factory):
    place = tmp_path_factory.mktemp("races")
    (place / "logs").mkdir()
    settings = place / "tb-share.toml"

    def serve(more: str):
        settings.write_text(f"{more}\n[server]\nworkers = 4\n")
        return start_serve(place / "data", ["--logdir", str(place / "logs"), "--config", str(settings)])

    if request.param == "sqlite":
        started = serve("")
        yield started
        started.stop()
        return
    with cluster() as host, database(host) as url:
        started = serve(f'database_url = "{url}"')
        yield started
        started.stop()
        assert not (place / "data" / "tb-share.sqlite3").exists()


@pytest.fixture(scope="module")
def owner(running):
    return running.owner()


def at_once(deeds: list[Callable[[], int]]) -> Counter[int]:
    """Statuses of all, begun together."""
    barrier = Barrier(len(deeds))

    def one(deed: Callable[[], int]) -> int:
        barrier.wait(timeout=60)
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return Counter(pool.map(one, deeds))


def say(browser: Browser, method: str, target: str, body: object = None):
    return browser.ask(method, target, None if body is None else json.dumps(body).encode(), JSON)


def invitation(owner: Browser, email: str, role: str) -> str:
    answer = say(owner, "POST", f"{PROJECT}/invitations", {"email": email, "role": role})
    assert answer.status == 201, answer.body
    return json.loads(answer.body)["url"]


def test_two_hundred_sign_in_at_once(running: RunningServe, owner: Browser):
    urls = [invitation(owner, f"p{number}@good.test", "viewer") for number in range(MANY)]
    browsers = [running.browser() for _ in urls]
    statuses = at_once([lambda each=each, url=url: each.use(url).status for each, url in zip(browsers, urls, strict=True)])
    assert statuses == {303: MANY}
    names = [json.loads(each.get("/api/v1/me").body)["name"] for each in browsers]
    assert sorted(names) == sorted(f"p{number}@good.test" for number in range(MANY))
    members = json.loads(owner.get(f"{PROJECT}/members").body)
    assert len([each for each in members["members"] if each["name"].startswith("p")]) == MANY
    assert members["invitations"] == []


def test_one_code_signs_in_one_of_many(running: RunningServe, owner: Browser):
    url = invitation(owner, "once@good.test", "viewer")
    assert at_once([lambda at=number: running.browser(f"127.0.1.{at}").use(url).status for number in range(1, 17)]) == {303: 1, 404: 15}


def test_O01_a_link_for_one_use_opens_for_one_of_two(running: RunningServe, owner: Browser):
    for number in range(1, 11):
        # Each loser counts as somebody who guesses, and after twenty of them an address must wait.
        two = [running.browser(f"127.0.2.{number}") for _ in range(2)]
        made = json.loads(say(owner, "POST", f"{PROJECT}/links", {"scope": {"kind": "project"}, "max_uses": 1}).body)
        assert at_once([lambda each=each, url=made["url"]: each.use(url).status for each in two]) == {303: 1, 404: 1}


def test_a_session_is_renewed_once_by_many_requests_that_come_at_once(running: RunningServe, owner: Browser):
    member = running.browser()
    assert member.use(invitation(owner, "riser@good.test", "viewer")).status == 303
    members = json.loads(owner.get(f"{PROJECT}/members").body)["members"]
    user_id = next(each["id"] for each in members if each["name"] == "riser@good.test")
    assert say(owner, "PATCH", f"{PROJECT}/members/{user_id}", {"role": "contributor"}).status == 204
    tabs = [Browser(running.port, dict(member.cookies)) for _ in range(16)]
    assert at_once([lambda each=each: each.get("/api/v1/me").status for each in tabs]) == {200: 16}
    renewed = [each for each in tabs if each.cookies != member.cookies]
    assert len(renewed) == 1
    assert renewed[0].get("/api/v1/me").status == 200
    own = json.loads(renewed[0].get("/api/v1/sessions").body)["sessions"]
    assert [each["this"] for each in own] == [True]


def test_of_many_invitations_to_one_address_at_once_as_many_are_made_as_may_be(running: RunningServe, owner: Browser):
    inviter = running.browser()
    assert inviter.use(invitation(owner, "inviter@good.test", "owner")).status == 303
    wanted = {"email": "victim@good.test", "role": "viewer"}
    asked = [lambda: say(inviter, "POST", f"{PROJECT}/invitations", wanted).status for _ in range(MOST_TO_ONE + 5)]
    assert at_once(asked) == {201: MOST_TO_ONE, 429: 5}
    open_ones = json.loads(owner.get(f"{PROJECT}/members").body)["invitations"]
    assert len([each for each in open_ones if each["email"] == "victim@good.test"]) == 1
    assert say(inviter, "DELETE", f"{PROJECT}/members/me").status == 204


def made(browser: Browser, target: str, body: object) -> dict[str, object]:
    answer = say(browser, "POST", target, body)
    assert answer.status == 201, answer.body
    return json.loads(answer.body)


@pytest.mark.parametrize("what", ["description", "note", "view"])
def test_of_many_who_write_the_same_at_once_every_acknowledged_word_stands(running: RunningServe, owner: Browser, what: str):
    if what == "description":
        target, key, seen = f"{PROJECT}/experiments/{EXPERIMENT}", "description", {"version": 0, "description": ""}
    elif what == "note":
        seen = made(owner, f"{PROJECT}/experiments/{EXPERIMENT}/notes", {"text": "begun"})
        target, key = f"{PROJECT}/notes/{seen['id']}", "text"
    else:
        seen = made(owner, f"{PROJECT}/views", {"name": "begun", "state": {"filter": ""}})
        target, key = f"{PROJECT}/views/{seen['id']}", "state"

    def with_word(now: dict[str, object], word: str) -> object:
        return {"filter": f"{now[key]['filter']} {word}"} if key == "state" else f"{now[key]} {word}"

    def writer(number: int) -> int:
        """Adds words to what it saw last, as a person does who puts both together when told of a conflict; how often it was told."""
        now, told = seen, 0
        for turn in range(WORDS):
            while True:
                answer = say(owner, "PATCH", target, {"version": now["version"], key: with_word(now, f"word{number}.{turn}")})
                said = json.loads(answer.body)
                if answer.status == 200:
                    now = said
                    break
                assert (answer.status, said["error"]["code"]) == (409, "edit_conflict"), said
                now, told = said["current"], told + 1
        return told

    told = at_once([lambda number=number: writer(number) for number in range(TOGETHER)])
    assert told.total() == TOGETHER
    assert max(told) > 0, "nobody met anybody"
    last = json.loads(say(owner, "PATCH", target, {"version": seen["version"], key: with_word(seen, "late")}).body)["current"]
    words = (last[key]["filter"] if key == "state" else last[key]).split()
    assert sorted(each for each in words if each.startswith("word")) == sorted(
        f"word{n}.{t}" for n in range(TOGETHER) for t in range(WORDS)
    )


def test_of_two_last_owners_who_leave_at_once_one_stays(running: RunningServe, owner: Browser):
    people = [running.browser() for _ in range(2)]
    for number, each in enumerate(people):
        assert each.use(invitation(owner, f"o{number}@good.test", "owner")).status == 303
    admin = next(each for each in json.loads(owner.get("/api/v1/people").body)["people"] if each["me"])
    demote_all_administrators(running, admin["id"])
    assert at_once([lambda each=each: say(each, "DELETE", f"{PROJECT}/members/me").status for each in people]) == {204: 1, 409: 1}


def demote_all_administrators(running: RunningServe, user_id: str) -> None:
    """By hand in the database, where no command leads: as long as there is an administrator, a project always has an owner."""
    from sqlalchemy import update

    from tb_share.cli.options import load_settings
    from tb_share.operations.desk import open_desk
    from tb_share.store.tables import USER

    desk = open_desk(load_settings(str(running.data.parent / "tb-share.toml"), data=str(running.data)).settings)
    with desk.database.write() as connection:
        connection.execute(update(USER).where(USER.c.id == user_id).values(is_admin=False))
    desk.database.close()


def test_the_chain_of_the_audit_log_holds(running: RunningServe):
    command = ["audit", "verify", "--config", str(running.data.parent / "tb-share.toml")]
    assert "each as it was written" in running.command(*command)
