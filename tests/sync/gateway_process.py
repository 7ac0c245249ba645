"""The server's program, which dies at one of its commits.

``python -m tests.sync.gateway_process COMMIT before|after run …``
"""

from __future__ import annotations

import sys
from typing import Any

from sync.server.__main__ import main
from sync.server.gateway import database
from tests.sync.dying import Fate


def let_die(fate: Fate) -> None:
    """Have the gateway's commits counted; there is no other place from which to fall between two of them."""
    commit = database._commit_and_wipe

    async def counted(connection: Any) -> None:
        fate.before_commit()
        await commit(connection)
        fate.after_commit()

    database._commit_and_wipe = counted


if __name__ == "__main__":
    let_die(Fate(int(sys.argv[1]), sys.argv[2] == "after"))
    sys.exit(main(sys.argv[3:]))
