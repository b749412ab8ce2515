"""What is built carries the bundles; what is installed from it works without Node, far from the checkout."""

from __future__ import annotations

import re
import subprocess
import tarfile
import urllib.parse
import zipfile
from contextlib import contextmanager

import pytest

from tests.integration.packaging.conftest import ROOT, run
from tests.processes import listen, wait_for
from tests.running_serve import PRINTED_URL, Browser

BUNDLES = {"tb_share/plugin/static/index.js", "tb_share/gateway/portal/static/portal.js", "tb_share/gateway/portal/static/pages.css"}


def files_below(place):
    found = (path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {name for name in found if name.startswith("tb_share/")}


def test_the_wheel_carries_the_bundles_and_all_of_the_package_and_nothing_else(wheel, checkout):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    package = {name for name in names if ".dist-info/" not in name}
    assert package == files_below(checkout)
    assert package >= BUNDLES
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_the_source_distribution_carries_the_bundles_and_asks_for_no_node(sdist, checkout):
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert names >= files_below(checkout)
    assert names >= BUNDLES
    assert [name for name in names if name.startswith(("frontend", "tests", "docs", "node_modules"))] == []


def test_without_node_the_source_distribution_installs_what_the_wheel_carries(installed, wheel):
    with zipfile.ZipFile(wheel) as archive:
        assert files_below(installed) == {name for name in archive.namelist() if ".dist-info/" not in name}
        for name in BUNDLES:
            assert (installed / name).read_bytes() == archive.read(name)


@pytest.fixture
def elsewhere(tmp_path):
    """A directory where somebody trains: with files that are called like packages that we import."""
    for name in ("tb_share", "tensorboard", "numpy", "gunicorn", "json"):
        (tmp_path / f"{name}.py").write_text(f"raise ImportError('this is not the {name} that was meant')\n")
    return tmp_path


@pytest.fixture
def environment(without_node, installed):
    return {**without_node, "PYTHONPATH": f"{installed}:{without_node['PYTHONPATH']}"}


def test_the_installed_command_says_its_version(installed, elsewhere, environment):
    said = run(installed / "bin" / "tb-share", "--version", cwd=elsewhere, environment=environment)
    version = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE).group(1)
    assert said == f"tb-share, version {version}\n"


@contextmanager
def demo(installed, cwd, environment):
    """The address that signs in to the demo, while it runs."""
    command = [installed / "bin" / "tb-share", "demo", "--port", "0"]
    process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    listener = listen(process, process.stdout, PRINTED_URL)
    try:
        match = listener.wait(240)
        assert match is not None, "".join(listener.said)
        yield match.group(0)
    finally:
        process.terminate()
        process.wait(timeout=30)
        listener.close()
    assert process.returncode == 0


def test_the_installed_demo_serves_portal_panel_and_tensorboard(installed, elsewhere, environment):
    with demo(installed, elsewhere, environment) as url:
        browser = Browser(urllib.parse.urlsplit(url).port)
        assert browser.use(url).status == 303
        script = re.search(r'src="(/static/portal\.js[^"]*)"', browser.get("/", Accept="text/html").body.decode()).group(1)
        assert browser.get(script).body == (installed / "tb_share/gateway/portal/static/portal.js").read_bytes()
        panel = wait_for(lambda: (answer := browser.get("/p/orientation/data/plugin/tb_share/index.js")).status == 200 and answer)
        assert panel.body == (installed / "tb_share/plugin/static/index.js").read_bytes()
        assert browser.get("/p/orientation/data/plugins_listing").status == 200
    assert (elsewhere / "tb-share-demo" / "logs").is_dir()
