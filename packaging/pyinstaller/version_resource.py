"""What Windows shows of a program under Properties, Details."""

from __future__ import annotations

from typing import Any


def make_resource(version: str, name: str) -> Any:
    """Return the resource of one starter."""
    from PyInstaller.utils.win32.versioninfo import (
        FixedFileInfo,
        StringFileInfo,
        StringStruct,
        StringTable,
        VarFileInfo,
        VarStruct,
        VSVersionInfo,
    )

    numbers = four_numbers(version)
    words = {
        "CompanyName": "The makers of Alexandria",
        "FileDescription": "Alexandria",
        "FileVersion": version,
        "InternalName": name,
        "LegalCopyright": "AGPL-3.0-or-later",
        "OriginalFilename": f"{name}.exe",
        "ProductName": "Alexandria",
        "ProductVersion": version,
    }
    table = StringTable("040904B0", [StringStruct(key, value) for key, value in words.items()])
    return VSVersionInfo(
        ffi=FixedFileInfo(filevers=numbers, prodvers=numbers),
        kids=[StringFileInfo([table]), VarFileInfo([VarStruct("Translation", [0x0409, 0x04B0])])],
    )


def four_numbers(version: str) -> tuple[int, int, int, int]:
    """Return a version as Windows counts: ``1.2.3rc1`` is (1, 2, 3, 0)."""
    import re

    found = [int(one) for one in re.findall(r"\d+", re.split(r"[a-z+-]", version, maxsplit=1)[0])]
    first, second, third, fourth = (*found, 0, 0, 0, 0)[:4]
    return first, second, third, fourth
