"""The names of our cookies."""

from __future__ import annotations


def names(*, secure: bool) -> tuple[str, str]:
    """The session's and the link's cookie. The prefixes make browsers insist on https, so plain http on loopback goes without."""
    return ("__Host-tb_share", "__Secure-tb_share_link") if secure else ("tb_share", "tb_share_link")


def content_name(*, secure: bool) -> str:
    """The cookie of one project, on the origin of TensorBoard's pages."""
    return "__Secure-tb_share_content" if secure else "tb_share_content"
