"""Accounts: passwords, sessions, outside tokens, one-time links, organisations, and who administers the platform."""

from sync.server.auth.part import make_auth

__all__ = ["make_auth"]
