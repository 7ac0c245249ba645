"""What a worker process loads before it reads its first file."""

from __future__ import annotations

import subprocess
import sys


def test_who_reads_files_starts_without_databases_and_windows() -> None:
    code = (
        "import sys, alexandria_desktop.library.prepare;"
        "print([name for name in ('sqlalchemy', 'PySide6', 'httpx', 'pymupdf') if name in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"
