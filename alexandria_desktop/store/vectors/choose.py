"""Choose the vector store: the reader's wish, else the best that works here."""

from __future__ import annotations

import importlib.util

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.base.paths import LibraryPaths
from alexandria_desktop.store.driver import choose_driver, load_vectors
from alexandria_desktop.store.vectors.numpy_store import NumpyVectorStore
from alexandria_desktop.store.vectors.protocol import VectorStore
from alexandria_desktop.store.vectors.sqlite_vec_store import SqliteVecStore

NAMES = ("auto", "sqlite-vec", "numpy", "chroma")


def choose_vector_store(paths: LibraryPaths, wish: str = "auto") -> VectorStore:
    """Return a store by name; raises ReaderError(vectors.unavailable) where the wished one cannot work."""
    if wish == "chroma":
        if importlib.util.find_spec("chromadb") is None:
            raise ReaderError(
                Code.VECTORS_UNAVAILABLE,
                "Chroma is not installed. Install the extra named chroma, or choose another store.",
            )
        from alexandria_desktop.store.vectors.chroma_store import ChromaVectorStore

        return ChromaVectorStore(paths.root / "chroma")
    if wish == "numpy":
        return NumpyVectorStore()
    if sqlite_vec_works():
        return SqliteVecStore()
    if wish == "sqlite-vec":
        raise ReaderError(Code.VECTORS_UNAVAILABLE, "The SQLite of this Python cannot load sqlite-vec.")
    return NumpyVectorStore()


def sqlite_vec_works() -> bool:
    """Whether sqlite-vec loads here."""
    driver = choose_driver()
    connection = driver.module.connect(":memory:")
    try:
        return load_vectors(driver, connection)
    finally:
        connection.close()
