"""python -m central_api content: what terminals tell every visitor, edited here and published as one signed text."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

from cyclopts import App, Parameter

from central_api.content import join_tables, read_content, sample
from central_api.contract.content import Content
from central_api.contract.content_bytes import decode_content
from central_api.contract.errors import ContractError
from central_api.store import content as publications
from central_api.store import open_office
from central_api.workflow import shipped_tables

from .answers import Data, Failed, Json, say, text_of

app = App(name="content", help="Services and requirements, workers' rights, desks: what terminals tell every visitor.")
_SAMPLE: Final = "sample.toml"


@app.command(name="check")
def check(file: Path | None = None, *, as_json: Json = False) -> None:
    """Check a source, or the sample that this edition ships; says every mistake, with file, line and key."""
    content = _read(file)
    joined = join_tables(content, shipped_tables())
    say(_counted(joined), as_json, f"{file or _SAMPLE} holds: {_words(joined)}")


@app.command(name="publish")
def publish(
    file: Path,
    *,
    data: Data,
    effective: Annotated[
        datetime | None, Parameter(help="When it comes into force, UTC unless it says its offset; now without it.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Publish a source under the next number. Terminals take it within seconds, and never go back to a lower one."""
    source = text_of(file)
    content = read_content(source, str(file))
    with open_office(data, create=False) as office:
        now = office.clock()
        since = now if effective is None else _seconds(effective)
        joined = replace(join_tables(content, office.tables.all()), effective=since)
        try:
            done = office.execute_write(lambda c: publications.put(c, joined, source, now)).result()
        except ContractError as error:
            raise Failed({"error": "too_large"}, f"{file}: cannot be published: {error}") from None
    shown = {"number": done.number, "effective": done.effective, "bytes": len(done.body), **_counted(joined)}
    say(shown, as_json, f"content {done.number}, in force from {_when(done.effective)}: {_words(joined)}")


@app.command(name="show")
def show(*, data: Data, as_json: Json = False) -> None:
    """Print the source that was published last, to edit it; the sample where nothing was published yet."""
    with open_office(data, create=False) as office:
        done = publications.newest(office.own_reader)
    if done is None:
        say({"number": 0, "source": sample()}, as_json, sample())
        return
    content = decode_content(done.body)
    shown = {"number": done.number, "effective": done.effective, "published": done.published, **_counted(content)}
    head = f"# content {done.number}, published {_when(done.published)}, in force from {_when(done.effective)}\n"
    say({**shown, "source": done.source}, as_json, head + done.source)


@app.command(name="readers")
def readers(*, data: Data, as_json: Json = False) -> None:
    """Count who read about workers' rights at the terminals: each visit once, by topic and language."""
    with open_office(data, create=False) as office:
        counts = publications.readers(office.own_reader)
    total = sum(count.readers for count in counts)
    rows = [{"topic": count.topic, "language": count.language, "readers": count.readers} for count in counts]
    lines = [f"{total} readers", *(f"{count.readers:8} {count.topic} ({count.language})" for count in counts)]
    say({"readers": total, "topics": rows}, as_json, "\n".join(lines))


def _read(file: Path | None) -> Content:
    return read_content(sample(), _SAMPLE) if file is None else read_content(text_of(file), str(file))


def _counted(content: Content) -> dict[str, object]:
    return {
        "services": len(content.services),
        "documents": len(content.documents),
        "rights": len(content.rights),
        "places": len(content.places),
        "objections": len(content.objections),
        "draft": content.draft,
    }


def _words(content: Content) -> str:
    counted = ", ".join(f"{count} {what}" for what, count in _counted(content).items() if what != "draft")
    return f"{counted}; {'a draft, and shown as one' if content.draft else 'confirmed'}"


def _seconds(when: datetime) -> int:
    return int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp())


def _when(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M}Z"
