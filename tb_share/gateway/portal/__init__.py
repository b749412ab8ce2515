"""Destination 4: pages."""
