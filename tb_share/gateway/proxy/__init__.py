"""Destination 1: TensorBoard."""
