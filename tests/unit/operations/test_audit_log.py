"""What a spreadsheet makes of the audit log."""

from __future__ import annotations

import pytest

from tb_share.operations.audit_log import plain


@pytest.mark.parametrize("text", ["=1", "+1", "-1+1", "@x", "\t=1", "\r=1", "\n=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20x"])
def test_L04_no_text_is_a_formula(text):
    assert plain(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "user:1", "project:a label:=1", "2026-11-28T10:00:00Z"])
def test_all_else_stands_as_it_was_written(text):
    assert plain(text) == text
