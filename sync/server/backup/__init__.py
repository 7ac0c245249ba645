"""Backups of database and files together, and the way back."""

from sync.server.backup.errors import BackupError
from sync.server.backup.making import Backup, back_up
from sync.server.backup.restoring import Restored, restore
from sync.server.backup.rotation import rotate

__all__ = ["Backup", "BackupError", "Restored", "back_up", "restore", "rotate"]
