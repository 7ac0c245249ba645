"""What the session gives: a screen, a graphics card, the sandbox of pages, a keyring, letters, the network."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable, Mapping
from pathlib import Path

from alexandria_desktop.doctor.finding import Finding, Trouble, fault, fine, note, warning

SANDBOX_OFF = "QTWEBENGINE_DISABLE_SANDBOX"
_PROXIES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
"""The first that is set counts. Plain http is spoken with this computer alone, to which no proxy is needed."""


def display(environment: Mapping[str, str], sockets: Path = Path("/tmp/.X11-unix")) -> Finding:
    """Look for a screen on Linux, and whether anybody answers there."""
    wayland, x11 = environment.get("WAYLAND_DISPLAY", ""), environment.get("DISPLAY", "")
    if environment.get("QT_QPA_PLATFORM"):
        return fine("display", f"QT_QPA_PLATFORM says {environment['QT_QPA_PLATFORM']}.")
    if not wayland and not x11:
        return note(
            Trouble.DISPLAY_MISSING,
            "There is no screen here (neither WAYLAND_DISPLAY nor DISPLAY is set), so the window cannot be shown; "
            "commands work.",
            "Start the program from a desktop, or over ssh with -X.",
        )
    places = []
    if wayland:
        places.append(Path(environment.get("XDG_RUNTIME_DIR", "/nowhere")) / wayland)
    if x11.startswith(":"):
        places.append(sockets / f"X{x11[1:].partition('.')[0]}")
    elif x11:
        return fine("display", "The screen is on another computer.")
    if any(_answers(place) for place in places):
        return fine("display", "Wayland." if wayland else "X11.")
    return fault(
        Trouble.DISPLAY_DEAD,
        f"Nobody answers at the screen that {'WAYLAND_DISPLAY' if wayland else 'DISPLAY'} names, so the window cannot "
        "be shown.",
        "Sign in to the desktop again; under sudo or in a container that variable may be left over from elsewhere.",
    )


def graphics(folder: Path, environment: Mapping[str, str]) -> Finding:
    """Look for a graphics card on Linux; without one the processor draws."""
    flags = environment.get("QTWEBENGINE_CHROMIUM_FLAGS", "")
    if environment.get("LIBGL_ALWAYS_SOFTWARE") in ("1", "true") or "--disable-gpu" in flags.split():
        return note(
            Trouble.GRAPHICS_SOFTWARE, "The graphics card is switched off by a setting, so the processor draws."
        )
    nodes = sorted(folder.glob("renderD*")) if folder.is_dir() else []
    if not nodes:
        return note(
            Trouble.GRAPHICS_SOFTWARE,
            "There is no graphics card that can be used, so the processor draws; turning pages takes a little longer.",
            "Install the driver of the card; in a virtual machine switch its graphics on.",
        )
    if not any(os.access(node, os.R_OK | os.W_OK) for node in nodes):
        return note(
            Trouble.GRAPHICS_FORBIDDEN,
            "This account may not use the graphics card, so the processor draws; turning pages takes a little longer.",
            "Put the account into the group of the card, then sign in again: sudo usermod -aG render,video NAME.",
        )
    return fine("graphics", "There is a graphics card that may be used.")


def sandbox(
    user: int,
    environment: Mapping[str, str],
    settings: Path = Path("/proc/sys"),
    profile: Path = Path("/proc/self/attr/current"),
) -> Finding:
    """Look whether the processes of pages can be locked in, as they insist on Linux."""
    flags = environment.get("QTWEBENGINE_CHROMIUM_FLAGS", "").split()
    if environment.get(SANDBOX_OFF) == "1" or "--no-sandbox" in flags:
        return warning(
            Trouble.SANDBOX_OFF,
            "The sandbox around pages is switched off, so less holds a hostile book.",
            f"Take {SANDBOX_OFF} and --no-sandbox out of the environment.",
        )
    if user == 0:
        return fault(
            Trouble.SANDBOX_ROOT,
            "The program runs as root, for whom the sandbox of pages refuses to work, so pages stay empty.",
            "Start it as an ordinary account.",
        )
    if "FLATPAK_ID" in environment:
        return fine("sandbox", "Flatpak locks the program in, and pages are locked in once more by a filter of calls.")
    if (
        _number(settings / "user/max_user_namespaces") == 0
        or _number(settings / "kernel/unprivileged_userns_clone") == 0
    ):
        return warning(
            Trouble.SANDBOX_FORBIDDEN,
            "This system forbids user namespaces, so the outer half of the sandbox of pages is missing. The inner "
            "half alone holds a hostile book: a filter of what a page may ask of the system.",
            "Allow them: sudo sysctl user.max_user_namespaces=10000 kernel.unprivileged_userns_clone=1.",
        )
    if _number(settings / "kernel/apparmor_restrict_unprivileged_userns") == 1 and not _has_profile(profile):
        return warning(
            Trouble.SANDBOX_RESTRICTED,
            "AppArmor allows user namespaces, which the sandbox of pages is made of, only to programs with a profile, "
            "so pages may stay empty.",
            "Use the .deb, which brings a profile, or allow all: "
            "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0.",
        )
    return fine("sandbox", "Pages can be locked into a sandbox.")


def keyring(*, is_safe: bool, system: str) -> Finding:
    """Look whether a session can be kept beyond the end of the program."""
    if is_safe:
        return fine("keyring", "There is a keyring for sessions.")
    remedy = (
        "Start a Secret Service (GNOME Keyring, KWallet, KeePassXC), or sign in with --keep-with-passphrase."
        if system == "linux"
        else "Unlock the system's keychain, or sign in with --keep-with-passphrase."
    )
    what = "Secret Service" if system == "linux" else "keyring"
    return note(
        Trouble.KEYRING_MISSING,
        f"There is no {what} here that could keep a session, so signing in lasts until the program is closed.",
        remedy,
    )


def letters(environment: Mapping[str, str], *, filesystem: str) -> Finding:
    """Look whether names and words are UTF-8 in this session."""
    set_to = next((environment[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if environment.get(name)), "")
    encoding = set_to.partition(".")[2].partition("@")[0].lower().replace("-", "")
    if filesystem.lower().replace("-", "") != "utf8" or (encoding and encoding != "utf8"):
        return warning(
            Trouble.LOCALE_BYTES,
            f"This session's locale ({set_to or 'none'}) is not UTF-8, so titles and file names beyond ASCII break.",
            "Set LANG to a locale that ends in .UTF-8, such as C.UTF-8.",
        )
    if set_to in ("", "C", "POSIX"):
        return note(
            Trouble.LOCALE_BYTES,
            "This session names no locale, so the program takes C.UTF-8: dates and sorting are plain.",
            "Set LANG to a locale that ends in .UTF-8, such as C.UTF-8.",
        )
    return fine("locale", f"{set_to}.")


def fonts(languages: Iterable[str], unseen: Mapping[str, str]) -> Finding:
    """Look whether every language of the library has a font; ``unseen`` names the script of those that have none."""
    scripts = sorted({unseen[one] for language in languages if (one := language.lower().partition("-")[0]) in unseen})
    if scripts:
        return warning(
            Trouble.FONTS_MISSING,
            f"Books in this library are written in {' and '.join(scripts)}, and no font here has its letters.",
            "Install a font for it, such as fonts-noto-cjk (Debian, Ubuntu) or google-noto-sans-cjk-fonts (Fedora).",
        )
    return fine("fonts", "Every language of the library has a font.")


def proxies(environment: Mapping[str, str], *, has_socks: bool) -> Finding:
    """Look at the proxy that sync and updates go through; an address may hold a password and is not repeated."""
    from sync.client.reaching import proxy_address

    name = next((one for one in _PROXIES if environment.get(one)), None)
    if name is None:
        return fine("proxy", "No proxy is set.")
    address = proxy_address(environment[name])
    if not address:
        return warning(
            Trouble.PROXY_WRONG,
            f"{name} is no address of a proxy, so sync and looking for new versions fail.",
            f"Write it as http://HOST:PORT, or take {name} out of the environment.",
        )
    if address.startswith("socks") and not has_socks:
        return warning(
            Trouble.PROXY_WRONG,
            f"{name} names a SOCKS proxy, which needs a package that is not here, so sync fails.",
            "Install the package socksio beside the program, or use an HTTP proxy.",
        )
    return note(Trouble.PROXY_SET, f"Sync and looking for new versions go through a proxy ({name}).")


def certificates(environment: Mapping[str, str]) -> Finding:
    """Look whether the certificates that the environment names are there."""
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        place = environment.get(name)
        if place and not Path(place).exists():
            return warning(
                Trouble.CERTIFICATES_MISSING,
                f"{name} names certificates that are not there, so a server that needs them is not trusted.",
                f"Correct {name}, or take it out of the environment.",
            )
    return fine("certificates", "The certificates of servers can be checked.")


def memory(total: int, available: int) -> Finding:
    """Look at the bytes of memory that there are, and that are free."""
    if total < 2_000_000_000 or available < 400_000_000:
        return warning(
            Trouble.MEMORY_LOW,
            f"Only {available // 1_000_000} of {total // 1_000_000} MB memory are free, so pages may be slow or close.",
            "Close other programs; the program wants about 700 MB.",
        )
    return fine("memory", f"{available / 1e9:.1f} of {total / 1e9:.1f} GB are free.")


def open_files(most: int) -> Finding:
    """Look at how many files a process may have open."""
    if most < 512:
        return warning(
            Trouble.FILES_FEW,
            f"A process may have only {most} files open here, and pages, databases and imports want some hundred.",
            "Allow more before starting: ulimit -n 4096.",
        )
    return fine("files", f"{most} files may be open.")


def _answers(place: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asked:
        asked.settimeout(0.5)
        try:
            asked.connect(str(place))
        except OSError:
            return False
        return True


def _has_profile(file: Path) -> bool:
    """Whether AppArmor holds this process under a name of its own, as the installers see to."""
    try:
        return file.read_text().strip("\0\n ") not in ("", "unconfined")
    except OSError:
        return False


def _number(file: Path) -> int | None:
    try:
        return int(file.read_text().strip())
    except (OSError, ValueError):
        return None
