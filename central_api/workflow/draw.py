"""A workflow table as a diagram, in Mermaid: what documents and editors can show."""

from collections.abc import Iterator, Sequence

from central_api.contract.catalogue import catalogue

from .chain import StepRule, Table


def draw(table: Table, language: str = "en") -> str:
    """Return the chain of a table, and its kinds with what each requires and which agencies are asked."""
    return "\n".join(_lines(table, language)) + "\n"


def _lines(table: Table, language: str) -> Iterator[str]:
    words = catalogue()
    kinds = list(table.kinds.values())
    before = "must be shown before" if kinds[0].strict else "before"
    yield "flowchart LR"
    yield f'    intake(["{words.roles.word(1, language)}"]) --> s0'
    yield from _chain("s", kinds[0].steps, language)
    for region, own in table.regional.items():
        yield f'    subgraph "{words.regions.word(region, language)}"'
        yield f"    intake --> r{region}s0"
        yield from _chain(f"r{region}s", next(iter(own.values())).steps, language)
        yield "    end"
    yield '    back(["returned to the visitor"]) -. resubmit: the same step .-> s0'
    yield '    ended(["rejected"])'
    yield '    done(["completed"])'
    if (rule := kinds[0].objection) is not None:
        received, decided = (words.roles.word(role, language) for role in (rule.received_by, rule.decided_by))
        yield f'    ended -. "objection within {rule.days}, at {received}" .-> judge'
        yield f'    judge["objection: {decided}, or the next above who rejected"] -. grant: the same step .-> s0'
        yield "    judge -. dismiss .-> ended"
    for kind in kinds:
        name = words.service(table.family, kind.code, language)
        asked = ", ".join(words.agencies.word(check.agency, language) or "" for check in kind.checks)
        yield f'    k{kind.code}["{name}{f"<br>asks: {asked}" if asked else ""}"]'
        yield from (f"    k{code} -- {before} --> k{kind.code}" for code in kind.requires)


def _chain(node: str, steps: Sequence[StepRule], language: str) -> Iterator[str]:
    for index, step in enumerate(steps):
        following = f"{node}{index + 1}" if index + 1 < len(steps) else "done"
        (least, most), name = step.expected, catalogue().roles.word(step.role, language)
        yield f'    {node}{index}["{name}<br>{least}-{most}, limit {step.limit}"] -- {step.action.word} --> {following}'
        yield f"    {node}{index} -. return .-> back"
        yield f"    {node}{index} -. reject .-> ended"
