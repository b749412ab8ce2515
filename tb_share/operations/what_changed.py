"""What the audit log says of a change: which parts, and never the words."""

from __future__ import annotations

from collections.abc import Mapping


def what_changed(known: object, made: object, words: Mapping[str, str]) -> list[str]:
    """The words for the attributes that differ, in their order; of what is yes or no, also what it became."""
    differing = {word: getattr(made, part) for part, word in words.items() if getattr(known, part) != getattr(made, part)}
    return [f"{word}:{yes_or_no(now)}" if isinstance(now, bool) else word for word, now in differing.items()]


def yes_or_no(said: bool) -> str:
    """As the log writes it."""
    return "yes" if said else "no"
