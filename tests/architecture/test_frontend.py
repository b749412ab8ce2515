"""The frontend's rules, each broken in a copy and refused by the check: who may import whom, who may ask the server, how much loads at once."""

from __future__ import annotations

import json
import os
import random
import shutil
import string
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

LIB = "lib uses nothing"
MIDDLE = "api, ui and model use lib only"
CHARTS = "charts uses lib only"
APART = "panel and portal never meet"
UPLOT = "only charts draws with uPlot"
NEW_ROOM = "this room has no place yet: say in biome.json what it may use"
SERVER = "only api asks the server"
CIRCLE = "lint/suspicious/noImportCycles"

VIOLATIONS = [
    pytest.param("lib/load.ts", "import '../model/order'", LIB, id="lib uses model"),
    pytest.param("lib/load.ts", "export { sorted } from '../model/order'", LIB, id="lib hands model on"),
    pytest.param("lib/deep/load.ts", "import '../../ui/share_dialog'", LIB, id="lib uses ui, from a folder of its own"),
    pytest.param("model/order.ts", "import type { Me } from '../api/rest'", MIDDLE, id="model takes a type from api"),
    pytest.param("model/order.ts", "import './../api/rest'", MIDDLE, id="model uses api, by a detour"),
    pytest.param("model/deep/order.ts", "import '../../api/rest'", MIDDLE, id="model uses api, from a folder of its own"),
    pytest.param("ui/share_dialog.tsx", "export const late = () => import('../api/rest')", MIDDLE, id="ui loads api later"),
    pytest.param("api/rest.ts", "import '../ui/share_dialog'", MIDDLE, id="api uses ui"),
    pytest.param("charts/line.ts", "import '../model/order'", CHARTS, id="charts use model"),
    pytest.param("panel/host.ts", "import '../portal/frame'", APART, id="the panel uses the portal"),
    pytest.param("portal/deep/page.ts", "import '../../panel/host'", APART, id="the portal uses the panel"),
    pytest.param("helpers/line.ts", "import '../panel/host'", NEW_ROOM, id="a new room that nobody placed"),
    pytest.param("panel/host.ts", "import 'uplot'", UPLOT, id="the panel draws by itself"),
    pytest.param("panel/host.ts", "export const asked = fetch('table')", SERVER, id="the panel asks by itself"),
    pytest.param("ui/live.ts", "export const live = new EventSource('live')", SERVER, id="ui listens by itself"),
    pytest.param("panel/host.ts", "import './panel'", CIRCLE, id="a circle"),
]


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """The frontend and what checks it, to be broken."""
    task("packages", ROOT)
    place = tmp_path_factory.mktemp("copy")
    shutil.copytree(ROOT / "build_backend", place / "build_backend", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "frontend", place / "frontend", ignore=shutil.ignore_patterns("node_modules"))
    (place / "frontend" / "node_modules").symlink_to(ROOT / "frontend" / "node_modules")
    return place


@pytest.fixture
def add(copied):
    """Adds to a source file, or makes one, until the test ends."""
    changed = {}

    def adding(file: str, text: str) -> None:
        target = copied / "frontend" / "src" / file
        changed.setdefault(target, target.read_text("utf-8") if target.exists() else None)
        target.parent.mkdir(exist_ok=True)
        target.write_text(f"{changed[target] or ''}{text}\n", "utf-8")

    yield adding
    for target, before in changed.items():
        target.unlink() if before is None else target.write_text(before, "utf-8")


def task(name: str, place: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "build_backend/frontend_backend.py", name],
        cwd=place,
        env={**os.environ, "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout


def test_as_it_is_every_rule_holds(copied):
    assert task("lint", copied)[0] == 0


@pytest.mark.parametrize(("file", "added", "rule"), VIOLATIONS)
def test_the_meant_rule_refuses(copied, add, file, added, rule):
    add(file, added)
    status, said = task("lint", copied)
    assert status != 0
    assert rule in said


def test_every_rule_has_a_violation():
    rules = json.loads((ROOT / "frontend" / "biome.json").read_text("utf-8"))["linter"]["rules"]["style"]
    overrides = json.loads((ROOT / "frontend" / "biome.json").read_text("utf-8"))["overrides"]
    limits = [rules["noRestrictedImports"], *(each["linter"]["rules"]["style"].get("noRestrictedImports") for each in overrides)]
    messages = {pattern["message"] for limit in limits if limit for pattern in limit["options"]["patterns"]}
    messages |= set(rules["noRestrictedGlobals"]["options"]["deniedGlobals"].values())
    assert messages == {each.values[2] for each in VIOLATIONS} - {CIRCLE}


def test_the_whole_check_refuses_a_forbidden_import(copied, add):
    add("lib/load.ts", "import '../model/order'")
    status, said = task("check", copied)
    assert status != 0
    assert LIB in said


def ballast(size: int) -> str:
    """Source text that does not compress."""
    return "".join(random.Random(1).choices(string.ascii_letters + string.digits, k=size))


@pytest.mark.parametrize(("file", "limit"), [("panel/index.tsx", "120 kB"), ("portal/index.tsx", "60 kB")])
def test_an_entry_that_grew_too_large_is_refused(copied, add, file, limit):
    add(file, f"export const ballast = '{ballast(160_000)}'")
    status, said = task("sizes", copied)
    assert status != 0
    assert f"src/{file} loads" in said
    assert f"the limit is {limit}. Load what is not needed" in said


def test_a_chunk_that_the_entry_imports_at_once_counts(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "build_backend")
    from bundle_size import check_size

    chunks = {
        "index.tsx": {"file": "index.js", "isEntry": True, "imports": ["_shared.js"], "dynamicImports": ["late.ts"]},
        "_shared.js": {"file": "shared.js", "imports": ["index.tsx"], "css": ["shared.css"]},
        "late.ts": {"file": "late.js"},
    }
    (tmp_path / ".vite").mkdir()
    (tmp_path / ".vite" / "manifest.json").write_text(json.dumps(chunks))
    for name, size in {"index.js": 10, "shared.js": 70_000, "shared.css": 70_000, "late.js": 200_000}.items():
        (tmp_path / name).write_text(ballast(size))
    assert 100 < float(check_size("panel", tmp_path).split(" loads ")[1].split()[0]) < 120
    (tmp_path / "shared.css").write_text(ballast(100_000))
    with pytest.raises(SystemExit, match="the limit is 120 kB"):
        check_size("panel", tmp_path)


def test_what_is_loaded_later_does_not_count(copied, add):
    add("lib/ballast.ts", f"export const ballast = '{ballast(160_000)}'")
    add("panel/index.tsx", "export const late = () => import('../lib/ballast')")
    status, said = task("sizes", copied)
    assert status == 0, said


def test_the_whole_check_looks_at_sizes(copied):
    status, said = task("check", copied)
    assert status == 0, said
    assert "the limit is 120 kB" in said
