"""Kolibri: a channel written as tables (CSV), read."""
