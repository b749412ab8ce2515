"""The names of our cookies, and what the session's says."""

from __future__ import annotations

from typing import Final

from tb_share.signing import Purpose, Signer

MAX_LENGTH: Final = 512


def names(*, secure: bool) -> tuple[str, str]:
    """The session's and the link's cookie. The prefixes make browsers insist on https, so plain http on loopback goes without."""
    return ("__Host-tb_share", "__Secure-tb_share_link") if secure else ("tb_share", "tb_share_link")


def write(keys: tuple[str, ...], secret: str) -> str:
    """The cookie's value."""
    return Signer(keys, Purpose.SESSION).sign([secret])


def read(signer: Signer, value: str) -> str | None:
    """The session's secret, or None for anything that is not ours."""
    match signer.read(value, MAX_LENGTH):
        case [str(secret)]:
            return secret
        case _:
            return None
