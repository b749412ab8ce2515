"""The portal's files by name: each has an address that changes when its content does."""

from __future__ import annotations

import os

import pytest

from tb_share.errors import NotFound
from tb_share.gateway.assets import PortalFiles


@pytest.fixture
def script(tmp_path):
    path = tmp_path / "portal.js"
    path.write_text("one")
    return path


@pytest.fixture
def files(script):
    return PortalFiles(script.parent)


def test_a_file_that_was_built_anew_has_another_address(files, script):
    before = files.url("portal.js")
    assert files.url("portal.js") == before
    script.write_text("two")
    os.utime(script, ns=(1, 1))
    assert files.url("portal.js") != before
    assert files.url("portal.js").startswith("/static/portal.js?v=")


def test_a_file_that_a_build_has_just_removed_is_still_known(files, script):
    before = files.url("portal.js")
    script.unlink()
    assert files.url("portal.js") == before


def test_a_file_that_went_before_anybody_asked_is_not_found(files, script):
    script.unlink()
    with pytest.raises(NotFound):
        files.url("portal.js")


def test_what_was_never_built_has_an_address_without_content(files):
    assert files.url("gone.js") == "/static/gone.js"
