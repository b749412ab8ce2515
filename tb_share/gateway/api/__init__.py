"""Destination 2: REST under /api/v1."""
