"""All routes of files, put together over the store that the settings name."""

from __future__ import annotations

from sync.server.blobs.downloads import Downloads
from sync.server.blobs.ledger import Ledger
from sync.server.blobs.opening import open_store
from sync.server.blobs.storage import StoreError
from sync.server.blobs.uploads import Uploads
from sync.server.gateway.routing import Core, Part


def make_blobs(core: Core) -> Part:
    """Return the part of the server that keeps files."""
    settings = core.settings
    store = open_store(settings)

    async def is_ready() -> bool:
        try:
            await store.check()
        except StoreError:
            return False
        return True

    return Part(
        routes=(
            *Downloads(store).routes(),
            *Uploads(store, Ledger(settings, core.database), settings.max_upload_bytes).routes(),
        ),
        is_ready=is_ready,
    )
