"""Builds the package of a commit: a staged tree, then dpkg-deb. Two builds are the same file, bit for bit.

Needs the development environment (pip, Babel), git, and Debian's dpkg-deb; Python must be Debian's own, because the
package's virtual environment is made for it.
"""

import hashlib
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

HOME: Final = Path("usr/lib/istilam")
LIBRARIES: Final = HOME / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
LOCK: Final = "requirements-terminal.lock"

_OURS: Final = ("kiosk", "devices", "provisioning", "central_api/contract")
_NOT_ON_A_TERMINAL: Final = ("provisioning/demo.py", "provisioning/package/", "provisioning/appliance/")
# A terminal installs nothing by itself; and what some wheels lay beside their own package.
_NOT_NEEDED: Final = (
    *("pip", "setuptools", "pkg_resources", "_distutils_hack", "distutils-precedence.pth"),
    *("bin", "docs", "tests", "share", "kivy/tests"),
)

_PYVENV: Final = """\
home = /usr/bin
include-system-site-packages = false
version = {version}
"""


def build(repository: Path, commit: str, version: str, out: Path) -> Path:
    """Build the package of a commit into the folder `out`; returns its path.

    What is not committed is not in it. Raises subprocess.CalledProcessError when pip, git or dpkg-deb fails.
    """
    out.mkdir(parents=True, exist_ok=True)
    package = out / f"istilam-terminal_{version}_amd64.deb"
    committed = _run(["git", "-C", str(repository), "log", "-1", "--format=%ct", commit]).strip()
    fixed = {"SOURCE_DATE_EPOCH": committed, "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    with tempfile.TemporaryDirectory(prefix="istilam-deb-") as folder:
        stage, source = Path(folder) / "stage", Path(folder) / "source"
        _export(repository, commit, source)
        _lay_environment(stage)
        _lay_wheels(source, Path(folder) / "wheels", stage / LIBRARIES, fixed)
        shutil.copytree(source / "provisioning" / "appliance", stage, symlinks=True, dirs_exist_ok=True)
        _lay_documents(source, stage)
        _lay_ours(source, stage / LIBRARIES, version)
        _compile(stage, fixed)
        _lay_control(source / "provisioning" / "package" / "debian", stage, version)
        _level(stage, int(committed))
        # One thread: how many there are decides where the compressor cuts. As strong again costs five times the time.
        options = ["--root-owner-group", "-Zzstd", "-z9", "--threads-max=1"]
        _run(["dpkg-deb", *options, "--build", str(stage), str(package)], fixed)
    return package


def _export(repository: Path, commit: str, source: Path) -> None:
    source.mkdir()
    archive = source.with_suffix(".tar")
    _run(["git", "-C", str(repository), "archive", "--format=tar", f"--output={archive}", commit])
    _run(["tar", "-xf", str(archive), "-C", str(source)])


def _lay_environment(stage: Path) -> None:
    """A virtual environment is three things; written out, they name no folder of the machine that built them."""
    (stage / LIBRARIES).mkdir(parents=True)
    (stage / HOME / "bin").mkdir()
    (stage / HOME / "bin" / "python3").symlink_to("/usr/bin/python3")
    release = f"{sys.version_info.major}.{sys.version_info.minor}"
    (stage / HOME / "pyvenv.cfg").write_text(_PYVENV.format(version=release), encoding="utf-8")


def _lay_wheels(source: Path, wheels: Path, libraries: Path, fixed: Mapping[str, str]) -> None:
    """Fetch or build the locked wheels, each held to its hash, and unpack them."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    # What has to be compiled must not remember where, nor come out of an earlier build's cache.
    compiler = {"CFLAGS": f"-g0 -O2 -ffile-prefix-map={tempfile.gettempdir()}=."}
    how = ["--require-hashes", "--no-deps", "--no-build-isolation", "--no-cache-dir"]
    _run([*pip, "wheel", *how, "-r", str(source / LOCK), "-w", str(wheels)], {**fixed, **compiler})
    files = sorted(map(str, wheels.glob("*.whl")))
    _run([*pip, "install", "--no-index", "--no-deps", "--no-compile", "--target", str(libraries), *files], fixed)
    for path in (
        *(libraries / name for name in _NOT_NEEDED),
        *libraries.glob("pip-*"),
        *libraries.glob("setuptools-*"),
    ):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    for noted in ("direct_url.json", "RECORD", "REQUESTED", "INSTALLER"):  # of this very installation
        for file in libraries.glob(f"*.dist-info/{noted}"):
            file.unlink()


def _lay_ours(source: Path, libraries: Path, version: str) -> None:
    """Copy the terminal's packages, with the catalogues compiled and without the written ones.

    Beside them lies, as beside any library, which version they are: the heartbeat tells it to the office.
    """
    about = libraries / f"istilam-{version}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: istilam\nVersion: {version}\n", encoding="utf-8")
    _run([sys.executable, "-m", "kiosk.locales"], folder=source)
    for file in (file for name in _OURS for file in (source / name).rglob("*")):
        path = file.relative_to(source)
        if file.is_dir() or file.suffix in {".po", ".pyc"} or str(path).startswith(_NOT_ON_A_TERMINAL):
            continue
        (libraries / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, libraries / path)
    shutil.copyfile(source / "central_api/__init__.py", libraries / "central_api/__init__.py")


def _compile(stage: Path, fixed: Mapping[str, str]) -> None:
    """Compile everything now: dpkg keeps it, and nothing is written on the terminal. Names no time and no build folder.

    The hash is not checked on import, because dpkg replaces a source and what was compiled from it together. One
    process, because what is shared between its modules shows in what is written.
    """
    for old in (stage / LIBRARIES).rglob("__pycache__"):
        shutil.rmtree(old)
    how = ["-q", "-j", "1", "--invalidation-mode", "unchecked-hash", "-s", str(stage), "-p", "/"]
    _run([sys.executable, "-m", "compileall", *how, str(stage / LIBRARIES)], fixed)


def _lay_documents(source: Path, stage: Path) -> None:
    folder = stage / "usr/share/doc/istilam-terminal"
    folder.mkdir(parents=True)
    shutil.copyfile(source / "provisioning/package/debian/copyright", folder / "copyright")
    shutil.copyfile(source / "CHANGELOG.md", folder / "CHANGELOG.md")
    for name in ("appliance.md", "enrolment.md", "settings.md"):
        shutil.copyfile(source / "docs" / name, folder / name)


def _level(stage: Path, time: int) -> None:
    """One time and the usual modes for everything, whatever the umask and the clock were."""
    for path in (stage, *stage.rglob("*")):
        if not path.is_symlink():
            runs = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if runs else 0o644)
        os.utime(path, (time, time), follow_symlinks=False)


def _lay_control(scripts: Path, stage: Path, version: str) -> None:
    files = sorted(path for path in stage.rglob("*") if path.is_file() and not path.is_symlink())
    control = stage / "DEBIAN"
    control.mkdir()
    kibibytes = sum(-(-path.stat().st_size // 1024) for path in files)
    text = (scripts / "control").read_text(encoding="utf-8").format(version=version, kibibytes=kibibytes)
    (control / "control").write_text(text, encoding="utf-8")
    sums = (f"{hashlib.md5(path.read_bytes()).hexdigest()}  {path.relative_to(stage)}\n" for path in files)
    (control / "md5sums").write_text("".join(sums), encoding="utf-8")
    for name in ("postinst", "prerm", "postrm"):
        shutil.copyfile(scripts / name, control / name)
        (control / name).chmod(0o755)


def _run(command: list[str], extra: Mapping[str, str] | None = None, folder: Path | None = None) -> str:
    environment = {**os.environ, **(extra or {})}
    done = subprocess.run(command, env=environment, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout
