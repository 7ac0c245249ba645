"""Alexandria Desktop: an offline-first reading application."""

__version__ = "0.1.0"
"""The version, in this one place: ``--version``, the page about the program and what is built read it here."""
