"""Write the bill of materials of the bundle: every package in it, and what is compiled into those, with its licence.

    python packaging/release/bill.py dist/alexandria/_internal/sbom.cdx.json

CycloneDX 1.6 as JSON, checked against its schema before it is kept. The time and the serial number come from the
commit, so that two builds of one commit write the same file.
"""

from __future__ import annotations

import os
import sys
import uuid
from datetime import UTC, datetime
from importlib.metadata import Distribution, distribution
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "packaging" / "pyinstaller"))

from contents import distributions, name_of, needs  # noqa: E402

PROGRAM = "alexandria-desktop"

_LICENCES = LicenseFactory()

_SAID_ELSEWHERE = {
    "pymupdf": "AGPL-3.0-or-later",  # its metadata offers a commercial one besides; this is the one that is taken
    "pysqlite3": "Zlib",  # in its LICENSE
    "wordllama": "MIT",  # its metadata holds the whole text
}
"""Licences that a package says in words which are no name."""


def main() -> int:
    """Write the bill where the one argument says."""
    (target,) = sys.argv[1:]
    text = JsonV1Dot6(make_bill()).output_as_string(indent=1)
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if fault is not None:
        sys.stderr.write(f"The bill of materials does not follow its schema: {fault}\n")
        return 1
    Path(target).write_text(text + "\n", encoding="utf-8")
    return 0


def make_bill() -> Bom:
    """Return the bill of what is installed here."""
    names = distributions(PROGRAM)
    components = {name: _component(distribution(name)) for name in names}
    native = {owner: list(parts) for owner, parts in _compiled_in().items()}
    made = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "1767225600")), UTC)
    program = components.pop(PROGRAM)
    program.type = ComponentType.APPLICATION
    bill = Bom(
        components=[*components.values(), *(part for parts in native.values() for part in parts)],
        metadata=BomMetaData(component=program, timestamp=made),
        serial_number=uuid.uuid5(uuid.NAMESPACE_URL, f"{PROGRAM}/{program.version}/{made.isoformat()}"),
    )
    known = components | {PROGRAM: program}
    for name, component in known.items():
        below = [known[one] for one in needs(name) if one in known]
        bill.register_dependency(component, [*below, *native.get(name, [])])
    return bill


def _component(found: Distribution) -> Component:
    name, version = name_of(found.metadata["Name"]), found.version
    written = found.metadata.get("License-Expression") or found.metadata.get("License") or ""
    classed = [line.rsplit(" :: ", 1)[-1] for line in found.metadata.get_all("Classifier", []) if "License ::" in line]
    short = written if 0 < len(written) <= 60 and "\n" not in written else ", ".join(classed)
    licence = _SAID_ELSEWHERE.get(name) or short
    return Component(
        name=name,
        version=version,
        type=ComponentType.LIBRARY,
        bom_ref=f"{name}@{version}",
        purl=PackageURL("pypi", None, name, version),
        description=found.metadata.get("Summary"),
        licenses=[_LICENCES.make_from_string(licence)] if licence else [],
    )


def _compiled_in() -> dict[str, list[Component]]:
    """Return what carries no package of its own, by the package that it is compiled into."""
    import numpy
    import pymupdf
    import pysqlite3
    from PySide6.QtCore import qVersion
    from PySide6.QtWebEngineCore import qWebEngineChromiumVersion

    blas = numpy.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return {
        "pyside6-addons": [_part("chromium", qWebEngineChromiumVersion(), "BSD-3-Clause")],
        "pyside6-essentials": [_part("qt", qVersion(), "LGPL-3.0-only")],
        "pymupdf": [_part("mupdf", pymupdf.mupdf_version, "AGPL-3.0-or-later")],
        "pysqlite3": [_part("sqlite", pysqlite3.sqlite_version, "blessing")],
        "numpy": [_part("openblas", str(blas["version"]), "BSD-3-Clause")],
        PROGRAM: [_part("cpython", ".".join(map(str, sys.version_info[:3])), "PSF-2.0")],
    }


def _part(name: str, version: str, licence: str) -> Component:
    return Component(
        name=name,
        version=version,
        type=ComponentType.LIBRARY,
        bom_ref=f"{name}@{version}",
        purl=PackageURL("generic", None, name, version),
        licenses=[_LICENCES.make_from_string(licence)],
    )


if __name__ == "__main__":
    sys.exit(main())
