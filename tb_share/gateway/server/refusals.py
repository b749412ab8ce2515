"""What is said to bytes that were no request: as little as possible, in the shape of all our errors."""

from __future__ import annotations

from typing import Final

from gunicorn.http import errors

_REASONS: Final = {400: "Bad Request", 408: "Request Timeout", 414: "URI Too Long", 417: "Expectation Failed", 431: "Headers Too Large"} | {
    500: "Internal Server Error",
    501: "Not Implemented",
}

_SENTENCES: Final = {
    414: "This address is longer than 4094 bytes. Take something out of it, such as pinned cards after the question mark.",
    431: "Your browser sent too much beside the address. Delete the cookies of this site and try again.",
}


def status_of(error: Exception) -> int:
    """The status for an exception of gunicorn's parser, or of anything else."""
    match error:
        case errors.LimitRequestLine():
            return 414
        case errors.LimitRequestHeaders():
            return 431
        case errors.UnsupportedTransferCoding():
            return 501
        case errors.ExpectationFailed():
            return 417
        case errors.ParseException():
            return 400
        case _:
            return 500


def refusal(status: int) -> bytes:
    """A whole answer that closes the connection."""
    body = f'{{"error":{{"code":"bad_request","message":"{_SENTENCES.get(status, _REASONS[status])}"}}}}'
    head = [
        f"HTTP/1.1 {status} {_REASONS[status]}",
        "Connection: close",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Cache-Control: private, no-store",
        "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
        "Referrer-Policy: same-origin",
        "X-Content-Type-Options: nosniff",
    ]
    return "\r\n".join([*head, "", body]).encode()
