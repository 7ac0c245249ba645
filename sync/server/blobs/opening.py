"""From the settings to the store that they name."""

from __future__ import annotations

from pathlib import Path

from sync.server.blobs.local import LocalStore
from sync.server.blobs.storage import BlobStore
from sync.server.settings import Settings, SettingsError

_SCHEME = "s3://"


def open_store(settings: Settings) -> BlobStore:
    """Return the store; raises SettingsError where none is named."""
    place = settings.blob_store
    if not place:
        raise SettingsError("The setting blob_store names no place for files: a folder, or s3://bucket/prefix.")
    if not place.startswith(_SCHEME):
        return LocalStore(Path(place).expanduser().absolute())
    bucket, _, prefix = place.removeprefix(_SCHEME).partition("/")
    if not bucket:
        raise SettingsError("The setting blob_store names no bucket.")
    # Imported only where a bucket is used: the library takes its time.
    from sync.server.blobs.s3 import open_bucket

    return open_bucket(
        bucket,
        prefix.strip("/"),
        endpoint=settings.s3_endpoint,
        region=settings.s3_region,
        access_key_id=settings.s3_access_key_id,
        secret_access_key=settings.s3_secret_access_key,
    )
