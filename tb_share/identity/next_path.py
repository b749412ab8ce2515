"""Where to go after signing in: a path of ours, rebuilt, or the front page (S-OIDC-8)."""

from __future__ import annotations

import unicodedata
from typing import Final
from urllib.parse import unquote, urlsplit

FRONT_PAGE: Final = "/"
MAX_LENGTH: Final = 2048
_NOT_PAGES: Final = ("/login", "/logout", "/api/", "/s/", "/static/", "/healthz")


def next_path(text: str | None) -> str:
    """``text`` if it is an address of a page of ours, else the front page. Never echoes what it refuses."""
    if not text or len(text) > MAX_LENGTH or not _is_plain(text):
        return FRONT_PAGE
    path = text.split("?", 1)[0].split("#", 1)[0]
    if not _is_plain_path(path) or not _is_plain_path(unquote(path)):
        return FRONT_PAGE
    parts = urlsplit(text)
    if parts.scheme or parts.netloc or path.startswith(_NOT_PAGES):
        return FRONT_PAGE
    return text


def _is_plain(text: str) -> bool:
    # Full-width slashes and the like become plain ones in some readers, so only what stays itself passes.
    return all("!" <= char <= "~" for char in text) or (
        unicodedata.normalize("NFKC", text) == text and all(char.isprintable() and not char.isspace() for char in text)
    )


def _is_plain_path(path: str) -> bool:
    if not path.startswith("/") or "\\" in path or "//" in path:
        return False
    return not any(segment in {".", ".."} for segment in path.split("/")) and all(char.isprintable() and char != " " for char in path)
