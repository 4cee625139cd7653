"""Packages of the last commit, and Debian 12 trees to install them in."""

import os
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
CACHE = PROJECT / "build" / "appliance"
# What a machine that boots has anyway; Xvfb is the screen where there is none.
MACHINE = ("systemd-sysv", "dbus", "iproute2", "xvfb")
KERNEL = ("linux-image-amd64", "initramfs-tools", "zstd")


def run(*command: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    """Run a command; its words are shown when it fails."""
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout[-4000:]}{done.stderr[-4000:]}"
    return done.stdout


COMMIT = run("git", "-C", PROJECT, "rev-parse", "HEAD").strip()


def build_package(out: Path, *, version: str | None = None, **environment: str) -> Path:
    """Build the package of the commit that was the last when the tests began, as `make deb` does."""
    command = [sys.executable, "-m", "provisioning.package", "--out", str(out), "--commit", COMMIT]
    said = run(*command, *(["--version", version] if version else []), cwd=PROJECT, env={**os.environ, **environment})
    return Path(said.splitlines()[-1])


def dependencies() -> list[str]:
    """The names of the packages that ours depends on."""
    control = (PROJECT / "provisioning/package/debian/control").read_text()
    line = re.search(r"^Depends: (.*)$", control, re.MULTILINE)
    assert line is not None
    return sorted({word.split()[0] for word in line[1].split(",")})


def debian(folder: Path, *, kernel: bool = False) -> Path:
    """Lay a minimal Debian 12 with the declared dependencies into a new folder; downloaded once, kept in build/."""
    packages = [*dependencies(), *MACHINE, *(KERNEL if kernel else ())]
    kept = CACHE / f"debian-{sha256(' '.join(packages).encode()).hexdigest()[:12]}.tar"
    if not kept.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        partial = kept.with_suffix(".partial.tar")
        run(
            *("mmdebstrap", "--mode=root", "--variant=minbase", "--aptopt=APT::Install-Recommends false"),
            *(f"--include={','.join(packages)}", "bookworm", partial),
        )
        partial.rename(kept)
    folder.mkdir()
    run("tar", "-xf", kept, "-C", folder, "--numeric-owner")
    return folder


def install(root: Path, package: Path) -> None:
    """Install by dpkg, with no network at all."""
    shutil.copy(package, root / "srv")
    steps = f"mount -t proc proc {root}/proc; chroot {root} dpkg -i /srv/{package.name}"
    run("unshare", "--net", "--mount", "sh", "-ec", steps)
