"""The body of a request, counted while it is read (S-FILE-4, S-WIRE-2).

Knows how long a body may be, and not what is in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO, Final, cast

from tb_share.errors import BadRequest, BodyTooLarge

_PIECE: Final = 64 * 1024


class BodyCutShort(BadRequest):
    """The client sent less than it announced, nothing for too long, or something that is no body."""

    code = "body_cut_short"
    text = "The request's body did not arrive whole."


class CountedBody:
    """A request's body that raises instead of growing past its limit or ending early."""

    length: int | None
    """As announced; None if it comes in chunks."""

    def __init__(self, source: IO[bytes], length: int | None, limit: int) -> None:
        self._source = source
        self.length = length
        self._limit = limit
        self._read = 0

    def read(self, size: int | None = -1) -> bytes:
        """At most ``size`` bytes, all of it without.

        Raises:
            BodyTooLarge: more came than is accepted.
            BodyCutShort: less came than was announced, or it broke.
        """
        if size is None or size < 0:
            return b"".join(iter(lambda: self.read(_PIECE), b""))
        try:
            data = self._source.read(size)
        except Exception as error:
            # The server raises its own kinds here, for bad chunks and for clients that are too slow.
            raise BodyCutShort from error
        self._read += len(data)
        if self._read > self._limit:
            raise BodyTooLarge
        if not data and size and self.length is not None and self._read < self.length:
            raise BodyCutShort
        return data


def counted(environ: Mapping[str, object], limit: int) -> CountedBody:
    """The body of this request.

    Raises:
        BodyTooLarge: it says itself that it is too long.
    """
    text = environ.get("CONTENT_LENGTH")
    length = int(text) if isinstance(text, str) and text.isdecimal() else None
    if length is None and "HTTP_TRANSFER_ENCODING" not in environ:
        length = 0
    if length is not None and length > limit:
        raise BodyTooLarge
    return CountedBody(cast("IO[bytes]", environ["wsgi.input"]), length, limit)


def body_pieces(body: CountedBody) -> Iterator[bytes]:
    """The body in pieces of bounded size."""
    return iter(lambda: body.read(_PIECE), b"")
