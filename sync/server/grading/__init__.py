"""Graded attempts are judged as soon as they come in."""
