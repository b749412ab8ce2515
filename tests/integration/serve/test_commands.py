"""The commands that change what a serve shows, while it runs and while it does not."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running_serve import Browser, serving, start_serve

LOGS = Path(__file__).parents[2] / "logdirs" / "keras-orientation"
SHARED = ("resnet_small_lr1e-3_bs32_2026-11-02T10-31", "resnet_small_lr3e-3_bs32_2026-11-02T11-04")


@pytest.fixture(scope="module")
def serve(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("data") / "data", ["--logdir", f"keras={LOGS}"]) as running:
        yield running


def failing(serve, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", "tb_share.cli.main", *arguments, "--data", str(serve.data)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0, done
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


def test_projects_are_listed(serve):
    assert serve.command("project", "list").split() == ["PROJECT", "SOURCE", "keras", str(LOGS)]


def test_a_member_is_invited_changed_and_removed(serve):
    url = serve.command("member", "add", "ann@example.org", "--role", "contributor", "--project", "keras").strip()
    assert url.startswith(f"{serve.base}/login/")
    assert "ann@example.org" in serve.command("member", "list")
    ann = serve.browser()
    assert ann.use(url).status == 303
    assert ann.get("/api/v1/projects/keras").status == 200
    assert ann.get("/api/v1/projects/keras/links").status == 200
    assert serve.browser().use(url).status == 404

    serve.command("member", "role", "ann@example.org", "viewer")
    assert ann.get("/api/v1/projects/keras/links").status == 403
    assert "viewer" in serve.command("member", "list")

    serve.command("member", "remove", "ann@example.org")
    assert ann.get("/api/v1/projects/keras").status == 404
    assert "ann@example.org" not in serve.command("member", "list")


def test_a_member_that_is_not_there_is_named(serve):
    code, said = failing(serve, "member", "remove", "nobody@example.org")
    assert code == 2
    assert "nobody@example.org" in said


def test_a_link_that_is_not_there_is_named(serve):
    code, said = failing(serve, "link", "revoke", "0123456789abcdef")
    assert code == 2
    assert '"0123456789abcdef" in keras' in said
    assert "tb-share link list" in said


def test_what_is_no_email_address_is_refused(serve):
    assert failing(serve, "member", "add", "not an address")[0] == 1


def test_a_link_is_made_opened_listed_and_revoked(serve):
    url = serve.command(
        "link", "create", "--project", "keras", "--expires", "2h", "--max-uses", "3", "--label", "for Bob", "--view", "#timeseries"
    )
    bob = serve.browser()
    assert bob.use(url.strip()).headers["Location"] == "/p/keras/#timeseries"
    line = next(line for line in serve.command("link", "list").splitlines() if "for Bob" in line)
    assert re.search(r"active\s+whole project\s+1 of 3", line)
    serve.command("link", "revoke", line.split()[0])
    assert bob.get("/p/keras/data/runs").status == 403
    assert "revoked" in next(line for line in serve.command("link", "list").splitlines() if "for Bob" in line)


def test_experiments_are_shared_by_name_or_id(serve):
    url = serve.command("link", "create", "--experiment", SHARED[0], "--experiment", SHARED[1], "--label", "two").strip()
    assert "2 experiments" in next(line for line in serve.command("link", "list").splitlines() if line.endswith("two"))
    assert serve.browser().use(url).status == 303
    code, said = failing(serve, "link", "create", "--experiment", "no-such")
    assert code == 2
    assert '"no-such"' in said


def test_every_link_is_revoked_at_once(serve):
    urls = [serve.command("link", "create").strip() for _ in range(2)]
    visitors = [serve.browser() for _ in urls]
    for visitor, url in zip(visitors, urls, strict=True):
        visitor.use(url)
    assert re.fullmatch(r"\d+ links revoked\n", serve.command("link", "revoke", "--all"))
    assert {visitor.get("/p/keras/data/runs").status for visitor in visitors} == {403}


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        pytest.param(["link", "create", "--expires", "soon"], '"soon"', id="no duration"),
        pytest.param(["link", "create", "--project", "other"], "keras", id="no such project, with those that are"),
        pytest.param(["link", "create", "--view", "timeseries"], "--view", id="no view"),
        pytest.param(["link", "revoke"], "--all", id="neither one nor all"),
        pytest.param(["link", "revoke", "some-id", "--all"], "--all", id="one and all"),
        pytest.param(["link", "create", "--max-uses", "0"], "--max-uses", id="never to be opened"),
    ],
)
def test_a_wrong_command_is_refused(serve, arguments, named):
    code, said = failing(serve, *arguments)
    assert code == 2
    assert named in said


def test_an_expiry_beyond_the_cap_is_refused(serve):
    assert failing(serve, "link", "create", "--expires", "400d")[0] == 1


def test_the_doctor_finds_what_is_served_and_what_is_wrong(serve):
    assert f"Served at {serve.base}" in serve.command("doctor")
    keys = serve.data / "keys.json"
    keys.chmod(0o644)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tb_share.cli.main", "doctor", "--data", str(serve.data)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    finally:
        keys.chmod(0o600)
    assert done.returncode == 1
    assert f"chmod 600 {keys}" in done.stdout


def test_links_and_members_made_while_nothing_is_served_work_afterwards(tmp_path):
    arguments = ["--logdir", f"keras={LOGS}"]
    first = start_serve(tmp_path / "data", arguments)
    first.stop()
    first.process.stdout.close()
    link = first.command("link", "create").strip()
    invitation = first.command("member", "add", "ann@example.org").strip()
    assert link.startswith(f"{first.base}/s/")
    with serving(tmp_path / "data", [*arguments, "--port", str(first.port)]):
        assert Browser(first.port).use(link).status == 303
        assert Browser(first.port).use(invitation).status == 303
