"""Sync through a plain folder, without a server: a stick, a share, or what a sync tool carries between computers."""

from sync.folder.endpoint import FolderEndpoint

__all__ = ["FolderEndpoint"]
