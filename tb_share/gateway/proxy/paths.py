"""What exactly is asked for: one canonical path for each request target, or none (S-PATH-1, S-PATH-2).

Pure text in, pure text out. Everything after this file (routing, rights, forwarding, logging) uses the path that it gives and never
looks at the raw target again; it knows no route and no project.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from tb_share.errors import PathNotCanonical

# Nearly every request is this plain: no escape, no dot at the start of a segment, no empty segment.
_PLAIN: Final = re.compile(r"/|(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+/?")
_ABSOLUTE_FORM: Final = re.compile(r"https?://[^/?#\\]+", re.IGNORECASE)
_BAD_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
# An escaped slash reads as a separator to one program and as a letter to the next.
_ESCAPED_SLASH: Final = re.compile(r"%2f", re.IGNORECASE)
_FORBIDDEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\\;?#%\u2028\u2029]|//")
_PRINTABLE: Final = re.compile(r"[\x21-\x7e]+")
_SAFE_IN_SEGMENT: Final = "/-._~!$&'()*+,=:@"


@dataclass(frozen=True, slots=True)
class Target:
    """A request target that has exactly one reading."""

    path: str
    """Decoded once; begins with a slash."""
    query: str
    """As received, without the question mark; printable ASCII."""


def canonical(raw_target: str) -> Target:
    """The one reading of a request target as it stood in the request line.

    An absolute form keeps its path and loses its host: who we are is decided by the Host header and our configuration (S-PATH-4).

    Raises:
        PathNotCanonical: it has no reading, or more than one.
    """
    if not _PRINTABLE.fullmatch(raw_target) or "#" in raw_target:
        raise PathNotCanonical
    if not raw_target.startswith("/"):
        raw_target = _without_authority(raw_target)
    raw_path, _, query = raw_target.partition("?")
    if _PLAIN.fullmatch(raw_path):
        return Target(raw_path, query)
    return Target(_decoded(raw_path), query)


def escaped(path: str) -> str:
    """A canonical path as it goes on the wire; ``canonical(escaped(path)).path == path``."""
    return path if _PLAIN.fullmatch(path) else quote(path, safe=_SAFE_IN_SEGMENT)


def _without_authority(raw_target: str) -> str:
    found = _ABSOLUTE_FORM.match(raw_target)
    if found is None:
        raise PathNotCanonical
    rest = raw_target[found.end() :]
    return rest if rest.startswith("/") else "/" + rest


def _decoded(raw_path: str) -> str:
    if not raw_path.startswith("/") or _BAD_ESCAPE.search(raw_path) or _ESCAPED_SLASH.search(raw_path):
        raise PathNotCanonical
    try:
        path = unquote_to_bytes(raw_path).decode()
    except UnicodeDecodeError:
        raise PathNotCanonical from None
    if _FORBIDDEN.search(path) or any(segment in {".", ".."} for segment in path.split("/")):
        raise PathNotCanonical
    return path
