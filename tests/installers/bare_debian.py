"""A bare Debian in a folder, entered the way a machine is booted: its own root, its own processes, the sandbox at work.

A plain ``chroot`` will not do: the kernel gives no user namespaces to whoever sits in one, and without those the engine
that draws pages has no sandbox. So the root is changed for good in a mount namespace of its own.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

SUITE = "bookworm"
READER = "reader"
_ENTER = """
set -e
mount --bind {root} {root}
cd {root}
mount -t proc proc proc
mount --rbind /dev dev
mount -t tmpfs -o mode=1777 tmpfs tmp
mount -t tmpfs -o mode=1777 tmpfs run
mkdir -p before
pivot_root . before
umount -l before
exec {command}
"""


def make_bare(target: Path, template: Path | None = None) -> BareDebian:
    """Make a Debian with nothing but what every Debian has; ``template`` is one that was made before."""
    if template is not None:
        subprocess.run(["cp", "-a", "--reflink=auto", str(template), str(target)], check=True)
    else:
        subprocess.run(["debootstrap", "--variant=minbase", SUITE, str(target)], check=True, capture_output=True)
    resolver = target / "etc/resolv.conf"
    resolver.unlink(missing_ok=True)
    shutil.copy("/etc/resolv.conf", resolver)
    bare = BareDebian(target)
    bare.run(f"useradd --create-home --shell /bin/bash {READER}")
    return bare


@dataclass(frozen=True, slots=True)
class BareDebian:
    """One such folder."""

    root: Path

    def command(self, line: str, *, user: str | None = None) -> list[str]:
        """Return the command that runs a shell line inside, as root or as somebody."""
        shell = ["/bin/sh", "-c", line]
        inside = shell if user is None else ["/bin/su", "--login", user, "--command", line]
        script = _ENTER.format(root=shlex.quote(str(self.root)), command=shlex.join(inside))
        return ["unshare", "--mount", "--pid", "--fork", "--kill-child", "/bin/sh", "-c", script]

    def run(self, line: str, *, user: str | None = None, timeout: float = 600) -> str:
        """Run a shell line inside and return what it printed; what fails fails the test with its words."""
        done = subprocess.run(
            self.command(line, user=user), capture_output=True, text=True, timeout=timeout, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert done.returncode == 0, f"{line}\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}"
        return done.stdout

    def start(self, line: str, *, user: str) -> subprocess.Popen[bytes]:
        """Start a shell line inside and leave it running."""
        return subprocess.Popen(
            self.command(line, user=user), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip

    @property
    def home(self) -> Path:
        """The reader's own folder, as seen from outside."""
        return self.root / "home" / READER
