"""Make the scripts that write the site and take the pictures importable."""

from __future__ import annotations

import tests.support.guide  # noqa: F401  it names their folder
