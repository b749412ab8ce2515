"""A rule that has never failed is not known to work: each violation here is made in a copy and caught by the contract that is meant for it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

LAYERS = "Top uses below, never back"
HOSTS_BY_ASKING = "The front door knows of TensorBoard hosts only how to ask for one"
PLUGIN_ALONE = "The plugin stands alone, so that it works in a plain tensorboard"
SDK_ALONE = "The SDK stands alone, so that training code loads no server"
HOSTS_KNOW_NOTHING = "Hosts know nothing of the front door, the database or the keys' owners"
STRANGERS = "The five destinations are strangers to one another"
GUARD = "Only the guard asks the policy"
ITSDANGEROUS = "itsdangerous only in signing"
OAUTH = "OAuth and JOSE only in identity"
SQLALCHEMY = "SQLAlchemy and Alembic only in the store"
TENSORBOARD = "TensorBoard only in the plugin, the host and the reader of events"
FOUR_PLACES = "TensorBoard is named in four places"
ARROW = "Arrow only where tables are written"
FRONT_PAGE = "The SDK's front page imports nothing of the server"
CIRCLES = "No circles, not even inside a room or a function"

VIOLATIONS = [
    pytest.param("policy/decide.py", "import tb_share.store", LAYERS, id="policy uses the store"),
    pytest.param("model/project.py", "from tb_share.policy import actions", LAYERS, id="model uses policy"),
    pytest.param("operations/links.py", "import tb_share.identity.resolve", LAYERS, id="operations ask who is calling"),
    pytest.param("store/database.py", "import tb_share.logdir.layout", LAYERS, id="store reads logdirs"),
    pytest.param(
        "identity/resolve.py",
        "def late():\n    import tb_share.gateway.pipeline",
        LAYERS,
        id="identity uses the door, hidden in a function",
    ),
    pytest.param("gateway/guard.py", "import tb_share.cli.main", LAYERS, id="the door uses the command line"),
    pytest.param("utils.py", "", LAYERS, id="a new utils.py"),
    pytest.param("helpers/__init__.py", "", LAYERS, id="a new room that nobody placed"),
    pytest.param("gateway/pipeline.py", "import tb_share.tensorboards.host.app", HOSTS_BY_ASKING, id="the door loads a host"),
    pytest.param("gateway/portal/__init__.py", "import tb_share.logdir.catalogue", HOSTS_BY_ASKING, id="the door reads logdirs"),
    pytest.param("plugin/table.py", "import tb_share.gateway.routes", PLUGIN_ALONE, id="the plugin uses the door"),
    pytest.param("plugin/routes.py", "import tb_share.settings", PLUGIN_ALONE, id="the plugin reads settings"),
    pytest.param("sdk/demo/training.py", "import tb_share.store.database", SDK_ALONE, id="the SDK uses the store"),
    pytest.param("tensorboards/host/app.py", "import tb_share.store.links", HOSTS_KNOW_NOTHING, id="a host uses the store"),
    pytest.param("tensorboards/local.py", "import tb_share.policy.grants", HOSTS_KNOW_NOTHING, id="a host knows the policy"),
    pytest.param("gateway/sharing/__init__.py", "import tb_share.gateway.login", STRANGERS, id="two destinations meet"),
    pytest.param(
        "gateway/proxy/forward.py", "def late():\n    import tb_share.gateway.api", STRANGERS, id="two destinations meet in a function"
    ),
    pytest.param("gateway/api/__init__.py", "from tb_share.policy.decide import decide", GUARD, id="a destination asks the policy"),
    pytest.param("operations/links.py", "import tb_share.policy.decide", GUARD, id="an operation asks the policy"),
    pytest.param("identity/session_cookie.py", "import itsdangerous", ITSDANGEROUS, id="a signature made elsewhere"),
    pytest.param("gateway/login/providers.py", "import requests", OAUTH, id="a provider asked by the door"),
    pytest.param("operations/provider_sign_in.py", "from joserfc import jwt", OAUTH, id="a token read by an operation"),
    pytest.param("gateway/app.py", "import sqlalchemy", SQLALCHEMY, id="SQL in the door"),
    pytest.param("operations/projects.py", "from alembic import command", SQLALCHEMY, id="migrations in an operation"),
    pytest.param("gateway/assets.py", "import tensorboard.backend.application", TENSORBOARD, id="TensorBoard in the door"),
    pytest.param("logdir/layout.py", "import tensorboard.util", FOUR_PLACES, id="TensorBoard in a reader of directories"),
    pytest.param("tensorboards/local.py", "import tensorboard", FOUR_PLACES, id="TensorBoard in the supervisor"),
    pytest.param("gateway/api/__init__.py", "import nanoarrow", ARROW, id="Arrow in the door"),
    pytest.param("__init__.py", "from tb_share.gateway import routes", FRONT_PAGE, id="the front page loads the door"),
    pytest.param("__init__.py", "import tb_share.settings", FRONT_PAGE, id="the front page reads settings"),
    pytest.param("model/project.py", "def late():\n    import tb_share.model.caller", CIRCLES, id="a circle hidden in a function"),
    pytest.param("logdir/layout.py", "import tb_share.logdir.catalogue", CIRCLES, id="a circle inside a room"),
]


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """The package and its contracts, to be broken."""
    place = tmp_path_factory.mktemp("copy")
    shutil.copytree(ROOT / "tb_share", place / "tb_share", ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(ROOT / "pyproject.toml", place)
    return place


def broken_contracts(place: Path) -> set[str]:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(place), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Contracts: " in done.stdout, done.stdout + done.stderr
    broken = set(re.findall(r"^(.+) BROKEN(?: \(.*\))?$", done.stdout, re.MULTILINE))
    assert bool(broken) == bool(done.returncode)
    return broken


def test_as_it_is_every_contract_holds(copied):
    assert broken_contracts(copied) == set()


@pytest.mark.parametrize(("file", "added", "contract"), VIOLATIONS)
def test_the_meant_contract_catches(copied, file, added, contract):
    target = copied / "tb_share" / file
    before = target.read_text("utf-8") if target.exists() else None
    target.parent.mkdir(exist_ok=True)
    target.write_text(f"{before or ''}\n{added}\n", "utf-8")
    try:
        assert contract in broken_contracts(copied)
    finally:
        if before is not None:
            target.write_text(before, "utf-8")
        elif target.name == "__init__.py":
            shutil.rmtree(target.parent)
        else:
            target.unlink()


def test_every_contract_has_a_violation():
    import tomllib

    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    assert {each["name"] for each in contracts} == {each.values[2] for each in VIOLATIONS}
