"""What the gateway does by the clock itself: the name of each job in ``ops.jobs`` and its function."""

from __future__ import annotations

from collections.abc import Mapping

from sync.server.blobs.sweep import sweep_files
from sync.server.grading.waiting import grade_attempts
from sync.server.jobs.own import Work
from sync.server.search.embedding import embed_passages

OWN_WORK: Mapping[str, Work] = {
    "sweep-files": sweep_files,
    "embed-passages": embed_passages,
    "grade-attempts": grade_attempts,
}
