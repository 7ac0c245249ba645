"""The names of the facts that say what a library is kept in step with; nothing is loaded for them."""

from __future__ import annotations

ACCOUNT_SERVER = "sync.server"
"""The fact that says where the account is; none where there is no account."""
HOME_FOLDER = "sync.folder"
"""The fact that says which folder is used instead of a server; none where none is."""
