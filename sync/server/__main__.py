"""The entry of ``alexandria-server``, which says plainly that there is no server in this version."""

from __future__ import annotations

import sys


def main() -> int:
    """Say what is missing and return the status for usage."""
    print(
        "alexandria-server: this version holds the schema that laptop and server share, but not the server itself.",
        file=sys.stderr,
    )
    return 2


if __name__ == "__main__":
    sys.exit(main())
