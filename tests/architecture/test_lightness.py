"""What a fresh process loads: each part of the product only what is its own."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

SERVER = {"werkzeug", "gunicorn", "jinja2", "sqlalchemy", "alembic", "authlib", "itsdangerous"}
HEAVY = {"tensorboard", "tensorboard_data_server", "grpc", "numpy", "pydantic", "nanoarrow", "google"}
ONLY_THE_COMMAND_LINES = {"click"}


def loaded_by(code: str) -> set[str]:
    """The top names of what ``code`` brings in beyond a bare interpreter."""
    program = (
        f"import sys, json; before = set(sys.modules)\n{code}\nprint(json.dumps(sorted(set(sys.modules) - before)), file=sys.__stdout__)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    return {name.split(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}


@pytest.mark.parametrize(
    ("code", "never"),
    [
        pytest.param("import tb_share", SERVER | HEAVY | ONLY_THE_COMMAND_LINES, id="the package"),
        pytest.param("import tb_share.cli.main", SERVER | HEAVY, id="the command line"),
        pytest.param(
            "import contextlib, io\nfrom tb_share.cli.main import tb_share\n"
            "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit): tb_share(['--help'])",
            SERVER | HEAVY,
            id="its help",
        ),
        pytest.param(
            "import tb_share.cli.link, tb_share.cli.serve, tb_share.cli.member", SERVER | HEAVY, id="its commands, before they run"
        ),
        pytest.param("import tb_share.sdk.demo.event_log", SERVER - {"werkzeug"} | ONLY_THE_COMMAND_LINES, id="the writer of events"),
        pytest.param("import tb_share.plugin.plugin", {"sqlalchemy", "gunicorn", "click", "pydantic"}, id="the plugin"),
        pytest.param(
            "import tb_share.tensorboards.host.app",
            {"sqlalchemy", "alembic", "gunicorn", "jinja2", "authlib", "click"},
            id="a TensorBoard host",
        ),
        pytest.param("import tb_share.gateway.app", {"tensorboard", "grpc", "nanoarrow", "numpy", "google", "click"}, id="the front door"),
    ],
)
def test_a_fresh_process_loads_only_what_it_needs(code, never):
    assert loaded_by(code) & never == set()
