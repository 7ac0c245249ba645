"""The recipes of the installers agree with the program, and with each other; what needs no build of its own."""

from __future__ import annotations

import plistlib
import re
from pathlib import Path

import pytest
from lxml import etree

from alexandria_desktop.app import APP_ID
from alexandria_desktop.ingest.detect import SUFFIXES
from alexandria_desktop.teach.packs.suffixes import ANSWERS, PACK
from alexandria_desktop.theme.families import FAMILIES
from tests.installers.paths import PACKAGING

from contents import CARRIERS, distributions, keeps, own_modules  # isort: skip
from steps import release  # isort: skip
from steps.installing import note_checksum  # isort: skip
from steps.macos import signing  # isort: skip
from steps.places import ROOT  # isort: skip
from steps.windows import three_numbers, wix_command  # isort: skip
from version_resource import four_numbers  # isort: skip

LINUX = PACKAGING / "linux"
SITE = "/venv/lib/python3.12/site-packages/"


def test_desktops_know_the_program_by_the_name_that_it_gives_itself() -> None:
    assert release.APP_ID == APP_ID
    for kind in ("desktop", "mime.xml", "metainfo.xml", "flatpak.yaml"):
        assert (LINUX / f"{APP_ID}.{kind}").exists()
    entry = (LINUX / f"{APP_ID}.desktop").read_text(encoding="utf-8")
    assert f"Icon={APP_ID}" in entry
    assert f"StartupWMClass={APP_ID}" in entry
    assert etree.parse(LINUX / f"{APP_ID}.metainfo.xml").findtext("id") == APP_ID


def test_no_recipe_takes_the_walls_around_pages_down() -> None:
    for folder in (LINUX, PACKAGING / "macos", PACKAGING / "windows", PACKAGING / "pyinstaller"):
        for file in folder.rglob("*"):
            words = file.read_bytes() if file.is_file() else b""
            assert not re.search(rb"DISABLE_SANDBOX\W*[=:]|--no-sandbox", words), file


def test_the_kinds_of_files_of_courses_are_the_same_everywhere() -> None:
    kinds = etree.parse(LINUX / f"{APP_ID}.mime.xml")
    space = {"m": "http://www.freedesktop.org/standards/shared-mime-info"}
    assert kinds.xpath("//m:glob/@pattern", namespaces=space) == [f"*{PACK}", f"*{ANSWERS}"]
    types = kinds.xpath("//m:mime-type/@type", namespaces=space)
    entry = (LINUX / f"{APP_ID}.desktop").read_text(encoding="utf-8")
    assert all(f"{one};" in entry for one in types)
    told = plistlib.loads((PACKAGING / "macos" / "Info.plist").read_bytes())
    tags = [one["UTTypeTagSpecification"] for one in told["UTExportedTypeDeclarations"]]
    assert [f".{one['public.filename-extension'][0]}" for one in tags] == [PACK, ANSWERS]
    assert [one["public.mime-type"][0] for one in tags] == types


def test_no_system_is_promised_a_kind_of_file_that_cannot_be_read() -> None:
    package = (PACKAGING / "windows" / "alexandria.wxs").read_text(encoding="utf-8")
    named = [f".{one}" for found in re.findall(r"foreach suffix in ([\w;]+)", package) for one in found.split(";")]
    told = plistlib.loads((PACKAGING / "macos" / "Info.plist").read_bytes())
    for one in told["UTImportedTypeDeclarations"]:
        named += [f".{suffix}" for suffix in one["UTTypeTagSpecification"]["public.filename-extension"]]
    assert {".epub", ".pdf", ".cbz", PACK} <= set(named)
    assert set(named) <= SUFFIXES | {PACK, ANSWERS}


def test_every_type_that_a_mac_is_told_of_is_declared_or_the_systems_own() -> None:
    told = plistlib.loads((PACKAGING / "macos" / "Info.plist").read_bytes())
    declared = {
        one["UTTypeIdentifier"] for kind in ("UTExported", "UTImported") for one in told[f"{kind}TypeDeclarations"]
    }
    used = {name for kind in told["CFBundleDocumentTypes"] for name in kind["LSItemContentTypes"]}
    assert declared <= used
    assert all(name in declared or not name.startswith("org.alexandria_desktop") for name in used)


def test_the_windows_package_lays_every_file_and_takes_back_what_it_registers() -> None:
    package = etree.parse(PACKAGING / "windows" / "alexandria.wxs")
    space = {"w": "http://wixtoolset.org/schemas/v4/wxs"}
    assert package.xpath("//w:Files/@Include", namespaces=space) == ["$(Bundle)\\**"]
    components = package.xpath("//w:Component", namespaces=space)
    assert len({one.get("Guid") for one in components}) == len(components) > 4
    assert {one.get("Root") for one in package.xpath("//*[@Root]")} == {"HKMU"}
    for one in components:
        assert len(one.xpath(".//*[@KeyPath='yes']")) == 1, one.get("Id")
    line = wix_command(Path("out.msi"))
    wanted = re.findall(r"\$\((\w+)\)", etree.tostring(package, encoding="unicode"))
    assert {word.split("=")[0] for word in line if "=" in word} == set(wanted)


@pytest.mark.parametrize(
    ("version", "windows", "four"),
    [("1.2.3", "1.2.3", (1, 2, 3, 0)), ("1.2", "1.2.0", (1, 2, 0, 0)), ("2.0.1rc1", "2.0.1", (2, 0, 1, 0))],
)
def test_versions_are_told_to_windows_in_numbers(version: str, windows: str, four: tuple[int, ...]) -> None:
    assert three_numbers(version) == windows
    assert four_numbers(version) == four


def test_a_mac_application_is_signed_from_the_inside_out(tmp_path: Path) -> None:
    magic = b"\xcf\xfa\xed\xfe" + bytes(60)
    application = tmp_path / "Alexandria.app"
    engine = "Contents/Frameworks/PySide6/Qt/lib/QtWebEngineCore.framework"
    inside = f"{engine}/Versions/A/Helpers/QtWebEngineProcess.app/Contents/MacOS/QtWebEngineProcess"
    for name in ("Contents/MacOS/alexandria", "Contents/Frameworks/a.dylib", f"{engine}/QtWebEngineCore", inside):
        file = application / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(magic)
    (application / "Contents/Resources").mkdir()
    (application / "Contents/Resources/page.js").write_text("no code of a Mac")
    commands = signing(application, "Developer ID Application: Somebody")
    order = [Path(command[-1]) for command in commands]
    assert order[-1] == application
    assert not any(one.suffix == ".js" for one in order)
    for number, one in enumerate(order):
        assert not [later for later in order[number + 1 :] if later.is_relative_to(one)], one
    assert all("runtime" in command and "--timestamp" in command for command in commands)
    entitled = {Path(command[-1]).name: command[command.index("--entitlements") + 1] for command in commands
                if "--entitlements" in command}  # fmt: skip
    assert entitled["QtWebEngineProcess"].endswith("engine.entitlements")
    assert entitled["QtWebEngineProcess.app"].endswith("engine.entitlements")
    assert entitled["Alexandria.app"].endswith("program.entitlements")
    assert set(entitled) == {"QtWebEngineProcess", "QtWebEngineProcess.app", "Alexandria.app"}


@pytest.mark.parametrize(
    ("place", "platform", "kept"),
    [
        ("PySide6/Qt/lib/libQt6WebEngineCore.so.6", "linux", True),
        ("PySide6/Qt/lib/libQt6Quick3DRuntimeRender.so.6", "linux", False),
        ("PySide6\\Qt6WebEngineCore.dll", "win32", True),
        ("PySide6\\Qt6Multimedia.dll", "win32", False),
        ("PySide6\\Qt6QuickControls2Material.dll", "win32", False),
        ("PySide6\\Qt6Quick.dll", "win32", True),
        ("PySide6/Qt/lib/QtWebEngineCore.framework/Versions/A/QtWebEngineCore", "darwin", True),
        ("PySide6/Qt/lib/QtPdf.framework/Versions/A/QtPdf", "darwin", False),
        ("PySide6/Qt/translations/qtwebengine_locales/en-US.pak", "linux", True),
        ("PySide6/Qt/translations/qtwebengine_locales/de.pak", "linux", False),
        ("PySide6/translations/qtbase_de.qm", "win32", False),
        ("PySide6/Qt/resources/qtwebengine_devtools_resources.pak", "linux", False),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", "linux", True),
        ("PySide6/plugins/platforms/qwindows.dll", "win32", True),
        ("pymupdf/libmupdf.so.28.2", "linux", True),
    ],
)
def test_what_no_page_and_no_window_reaches_stays_out(place: str, platform: str, kept: bool) -> None:
    assert keeps(place, SITE + place.replace("\\", "/"), platform=platform, carry=False) is kept


def test_what_the_system_brings_stays_out_unless_the_bundle_must_do_without_it() -> None:
    nss, glib = ("libnss3.so", "/usr/lib/x86_64-linux-gnu/libnss3.so"), ("libglib-2.0.so.0", "/lib/libglib-2.0.so.0")
    assert not keeps(*nss, platform="linux", carry=False)
    assert keeps(*nss, platform="linux", carry=True)
    assert not keeps(*glib, platform="linux", carry=True)
    python = "/usr/lib/x86_64-linux-gnu/libpython3.12.so.1.0"
    assert keeps("libpython3.12.so.1.0", python, platform="linux", carry=False)


def test_every_module_of_the_program_goes_along_but_not_the_server() -> None:
    modules = own_modules(ROOT)
    assert {"alexandria_desktop.ingest.epub", "alexandria_desktop.library.prepare", "sync.client.engine"} <= set(
        modules
    )
    assert not [name for name in modules if name.startswith("sync.server")]


def test_every_family_of_type_goes_along_with_its_licence() -> None:
    assert {family.package for family in FAMILIES.values() if family.key != "cjk"} <= set(CARRIERS)
    assert all("LICENSE*" in CARRIERS[name] for name in CARRIERS if name.startswith("fontpkg"))


def test_carriers_of_files_bring_nothing_of_what_their_code_would_need() -> None:
    shipped = distributions()
    assert shipped[0] == "alexandria-desktop"
    assert {"pyside6-addons", "pymupdf", "tokenizers", "wordllama", "fontpkg-literata", "httpx"} <= set(shipped)
    assert {"huggingface-hub", "pydantic", "qtpy", "pytest", "psycopg"}.isdisjoint(shipped)


def test_checksums_are_kept_one_line_a_file(tmp_path: Path) -> None:
    first, second = tmp_path / "a.deb", tmp_path / "b.msi"
    first.write_bytes(b"one")
    second.write_bytes(b"two")
    for one in (first, second, first):
        note_checksum(one)
    lines = (tmp_path / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert [line.split("  ")[1] for line in lines] == ["a.deb", "b.msi"]
    assert lines[0].startswith("7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed")
