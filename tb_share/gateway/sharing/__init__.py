"""Destination 3: share links."""
