"""What the cookie of somebody who opened a share link says: which link. The row decides everything else, on each request."""

from __future__ import annotations

from typing import Final

from tb_share.signing import Purpose, Signer

MAX_LENGTH: Final = 512


def write(keys: tuple[str, ...], link_id: str) -> str:
    """The cookie's value."""
    return Signer(keys, Purpose.LINK_COOKIE).sign([link_id])


def read(signer: Signer, value: str) -> str | None:
    """The link's id, or None for anything that is not ours."""
    match signer.read(value, MAX_LENGTH):
        case [str(link_id)]:
            return link_id
        case _:
            return None
