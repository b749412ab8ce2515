"""The shape of the code: light to import, no containers without a meaning, a reference that says what the code says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
HEAVY = ("werkzeug", "tensorboard", "sqlalchemy", "pydantic", "grpc")


def test_importing_the_package_loads_nothing_heavy():
    code = f"import sys, tb_share; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"


def test_no_module_is_a_mere_container():
    containers = {"utils", "helpers", "common", "base", "core", "misc"}
    assert [path for path in (ROOT / "tb_share").rglob("*.py") if path.stem in containers] == []


def test_the_reference_says_what_the_code_says():
    done = subprocess.run([sys.executable, "-m", "tb_share.cli.reference"], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == (ROOT / "docs" / "guide" / "reference.md").read_text("utf-8")
