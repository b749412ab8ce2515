"""What the documents name is there."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from tb_share.cli.main import tb_share

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "changes").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)")
CODE = re.compile(r"`((?:tb_share|tests|docs|frontend|build_backend|deploy|changes)/[A-Za-z0-9_./-]*)`")
TARGET = re.compile(r"`make ([a-z0-9-]+)|^make ([a-z0-9-]+)", re.MULTILINE)
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_is_named_is_there(document):
    text = document.read_text("utf-8")
    gone = [name for name in LINK.findall(text) if not (document.parent / name).exists()]
    gone += [name for name in CODE.findall(text) if not (ROOT / name).exists()]
    assert gone == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_make_target_that_is_named_is_there(document):
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {first or second for first, second in TARGET.findall(document.read_text("utf-8"))}
    assert named - targets == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_that_is_named_is_there(document):
    text = document.read_text("utf-8")
    named = set(re.findall(r"`tb-share ([a-z]+)", text))
    named |= {name for block in FENCED.findall(text) for name in re.findall(r"^(?:\$ )?tb-share ([a-z]+)", block, re.MULTILINE)}
    assert [name for name in named if tb_share.get_command(click.Context(tb_share), name) is None] == []


def test_every_decision_is_in_the_list_and_has_its_parts():
    decisions = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    listed = (ROOT / "docs" / "decisions" / "README.md").read_text("utf-8")
    assert [each.name for each in decisions if f"({each.name})" not in listed] == []
    assert [each.name for each in decisions if "lternatives" not in each.read_text("utf-8")] == []


def test_every_target_explains_itself_or_is_a_part():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    phony = set(re.findall(r"^\.PHONY: (\S+)", makefile, re.MULTILINE))
    explained = set(re.findall(r"^([a-z0-9-]+):.*## ", makefile, re.MULTILINE))
    assert {each for each in phony - explained if not each.startswith("check-")} == {"install"}


def test_ci_runs_what_the_readme_says():
    run = (ROOT / ".ci" / "run").read_text("utf-8")
    assert re.search(r"^make check test e2e$", run, re.MULTILINE)
    assert "make --no-print-directory demo" in run
