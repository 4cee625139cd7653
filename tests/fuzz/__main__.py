"""`make fuzz`: atheris (libFuzzer) at every target for a while each; `python -m tests.fuzz [TARGET ...] --seconds N`.

What it learned lies in FOLDER/corpus and is where the next run goes on. What broke a target lies in FOLDER/found; moved
to tests/fuzz/found/TARGET under a name that says what was wrong, it is tried with every `make test`.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ANSWER_SECONDS: Final = 10
"""For one input; more is a hang."""
MEMORY_MB: Final = 1024
LONGEST: Final = 16_384
AT_ONCE: Final = 2

_DONE: Final = re.compile(r"#(\d+)\s+DONE\s+cov: (\d+)")


@dataclass(frozen=True, slots=True)
class Result:
    target: str
    tried: int
    covered: int
    found: tuple[Path, ...]
    broke: bool


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--seconds", type=int, default=600, help="for each target")
    parser.add_argument("--folder", type=Path, default=Path("build/fuzz"))
    parser.add_argument("--alone", help=argparse.SUPPRESS)
    options, of_libfuzzer = parser.parse_known_args()
    if options.alone:
        fuzz(options.alone, of_libfuzzer)
    from tests.fuzz.targets import TARGETS

    if unknown := set(options.targets) - set(TARGETS):
        parser.error(f"no such target: {', '.join(sorted(unknown))}; there are {', '.join(TARGETS)}")
    names = options.targets or list(TARGETS)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        results = list(pool.map(lambda name: run(name, options.seconds, options.folder), names))
    print("\n".join(told(results)))
    return int(any(result.broke for result in results))


def run(name: str, seconds: int, folder: Path) -> Result:
    """Fuzz one target in a process of its own: what breaks it may break the process."""
    from tests.fuzz.targets import TARGETS

    corpus, found = folder / "corpus" / name, folder / "found" / name
    for each in (corpus, found):
        each.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(TARGETS[name].seeds):
        (corpus / f"seed-{number}").write_bytes(seed)
    before = set(found.iterdir())
    limits = (f"-max_total_time={seconds}", f"-timeout={ANSWER_SECONDS}", f"-rss_limit_mb={MEMORY_MB}")
    rest = (f"-max_len={LONGEST}", f"-artifact_prefix={found}/", "-print_final_stats=1", str(corpus))
    command = [sys.executable, "-m", "tests.fuzz", "--alone", name, *limits, *rest]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    (folder / f"{name}.log").write_text(done.stdout + done.stderr)
    last = _DONE.findall(done.stderr)
    tried, covered = map(int, last[-1]) if last else (0, 0)
    return Result(name, tried, covered, tuple(sorted(set(found.iterdir()) - before)), done.returncode != 0)


def told(results: list[Result]) -> Iterator[str]:
    for one in results:
        verdict = f"BROKE: {', '.join(map(str, one.found)) or 'see its log'}" if one.broke else "nothing broke it"
        yield f"{one.target:16} {one.tried:>10,} inputs {one.covered:>6} edges   {verdict}"


def fuzz(name: str, arguments: list[str]) -> None:
    """Never returns: libFuzzer ends the process."""
    import atheris

    with atheris.instrument_imports(include=["devices", "central_api.cards"]):
        from tests.fuzz.targets import TARGETS
    target = TARGETS[name]
    atheris.Setup([sys.argv[0], *arguments], target.run)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
