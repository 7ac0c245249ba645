"""Annotate: notes, highlights and anchors found again in another edition."""
