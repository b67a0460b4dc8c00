"""Knows nothing of Django."""

x: int = ""
