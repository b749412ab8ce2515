"""Every black-box security case is a test of its number, or docs/security.md says why not; never both, never neither."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
IDS = (ROOT / "tests" / "cases" / "ids.txt").read_text().split()
_ID = re.compile(r"(?<![A-Z])[A-O]\d{2}(?!\d)")


def numbers_of_tests():
    """The numbers in the names of tests."""
    names = (
        name
        for file in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^(?:async )?def (test_\w+)", file.read_text(), re.MULTILINE)
    )
    return {number for name in names for number in _ID.findall(name)}


def excused():
    """The numbers in the table of the page; a letter alone stands for its group."""
    page = (ROOT / "docs" / "security.md").read_text()
    table = page.split("## Cases that do not apply yet")[1].split("\n\n")[1]
    said = [part.strip() for row in table.splitlines()[2:] for part in row.split("|")[1].split(",")]
    return {number for number in IDS if number in said or number[0] in said}


def test_every_case_is_a_test_or_has_its_reason():
    assert len(IDS) > 190
    assert sorted(set(IDS) - numbers_of_tests() - excused()) == []


def test_no_case_with_a_test_is_excused():
    assert sorted(numbers_of_tests() & excused()) == []


def test_every_number_is_of_a_case():
    assert sorted(numbers_of_tests() - set(IDS)) == []
