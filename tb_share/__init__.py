"""The SDK's public names; importing this package loads no server and no TensorBoard."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tb_share.sdk.client import Client as Client
    from tb_share.sdk.client import RequestRefused as RequestRefused

__all__ = ["Client", "RequestRefused"]


def __getattr__(name: str) -> object:
    """Load a name when somebody first asks for it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from tb_share.sdk import client

    return getattr(client, name)
