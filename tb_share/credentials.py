"""What each of our credentials says, written and read in one place: a link's token and cookie, a one-time code, a session.

The database decides whether any of them is still good. Knows nothing of HTTP and of rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tb_share.signing import Purpose, Signer

_LONGEST_COOKIE: Final = 512


class Credentials:
    """Writes with the last key and reads with all; reading gives None for anything that is not ours and of this kind."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._links = Signer(keys, Purpose.LINK)
        self._link_cookies = Signer(keys, Purpose.LINK_COOKIE)
        self._codes = Signer(keys, Purpose.CODE)
        self._sessions = Signer(keys, Purpose.SESSION)

    def link(self, link_id: str, secret: str) -> str:
        """The last part of a share link's address."""
        return self._links.sign([link_id, secret])

    def read_link(self, token: str) -> tuple[str, str] | None:
        """A link's id and secret."""
        match self._links.read(token):
            case [str(link_id), str(secret)]:
                return link_id, secret
            case _:
                return None

    def link_cookie(self, link_id: str) -> str:
        """The cookie of somebody who opened a link."""
        return self._link_cookies.sign([link_id])

    def read_link_cookie(self, value: str) -> str | None:
        """A link's id."""
        return _only_text(self._link_cookies.read(value, _LONGEST_COOKIE))

    def code(self, secret: str) -> str:
        """The last part of a one-time address."""
        return self._codes.sign([secret])

    def read_code(self, token: str) -> str | None:
        """A code's secret."""
        return _only_text(self._codes.read(token))

    def session(self, secret: str) -> str:
        """The cookie of somebody who signed in."""
        return self._sessions.sign([secret])

    def read_session(self, value: str) -> str | None:
        """A session's secret."""
        return _only_text(self._sessions.read(value, _LONGEST_COOKIE))


def _only_text(payload: object) -> str | None:
    match payload:
        case [str(text)]:
            return text
        case _:
            return None
