"""The finder: one field over books, text, notes and commands."""
