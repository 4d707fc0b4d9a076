"""The lists that the guide prints from the code, and the pages with these lists as the code has them now.

`python guide_lists.py` writes them into the pages; `--check` only says which pages are out of date.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from event_lists import events, kept
from said_in_code import ROOT, by_code, sayings

from domain.kernel.deciding import Given
from domain.registry import registry
from domain.visibility import VISIBLE, Alternative, Everybody, Having
from gateway import guarding, over_http, paging
from gateway import limits as gateway_limits
from gateway.listing import Noun
from gateway.made import guarded_fields
from gateway.nouns import nouns
from infra.cli.main import COMMANDS, application
from infra.exports.losses import LOST
from infra.settings import Settings
from projections.network import NOUNS

GUIDE = ROOT / "docs" / "guide"
BEGIN, END = "<!-- list: {} (scripts/docs writes it) -->", "<!-- end of list -->"


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table in Markdown."""
    cells = [list(header), *(list(row) for row in rows)]
    cells.insert(1, ["---"] * len(cells[0]))
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in cells)


def lines(texts: Iterable[str]) -> str:
    """Texts under each other in a cell, each once, as Markdown shows them literally."""
    return "<br>".join(dict.fromkeys(text.replace("<", "&lt;").replace("*", "\\*") for text in texts))


def refusals() -> str:
    """Every code with which a rule may refuse a command, and what is said then."""
    claimed = tuple(saying.code for saying in sayings("domain", {"ClaimKey": 0}, {}))
    plans = registry().plans.values()
    states = {each.state for plan in plans for each in plan.parameters if each.given in (Given.ENTITY, Given.ENTITIES)}
    prefixes = tuple(sorted(registry().by_state[state].prefix for state in states if state is not None))
    known = {"key.kind": claimed, "prefix": prefixes}
    callers = {"ensure": 1, "Refusal": 0}
    found = by_code([*sayings("domain", callers, known), *sayings("infra", callers, known)])
    rows = []
    for code, said in found.items():
        texts = lines(text for each in said for text in each.texts)
        rows.append((f"`{code}`", texts, lines(f"`{each.module}`" for each in said)))
    return table(("code", "what is said", "where the rule stands"), rows)


def flaws() -> str:
    """Every code with which a record or a file is quarantined before a rule sees it."""
    found = by_code(sayings("infra/imports", {"Flaw": 0}, {}))
    rows = []
    for code, said in found.items():
        rows.append((f"`{code}`", lines(each.texts[0] for each in said), lines(each.texts[1] for each in said)))
    return table(("code", "what is wrong", "what is taken instead"), rows)


def losses() -> str:
    """What of a profile each format of an export has no place for."""
    rows = [(f"`{kind}`", f"`{field}`", why) for kind, lost in LOST.items() for field, why in lost.items()]
    return table(("format", "what is lost", "why"), rows)


def settings() -> str:
    """The settings with their defaults."""
    prefix = Settings.model_config["env_prefix"]
    rows = []
    for name, field in Settings.model_fields.items():
        default = str(field.default) if isinstance(field.default, Path) else field.default
        rows.append((f"`{prefix}{name.upper()}`", f"`{name}`", f"`{json.dumps(default)}`", field.description or ""))
    return table(("environment", "in yizhan.toml", "default", "what it is"), rows)


def commands() -> str:
    """The commands of `yizhan`."""
    rows = []
    for command in application(list(COMMANDS)).registered_commands:
        assert command.callback is not None
        said = (command.callback.__doc__ or "").strip().splitlines()[0]
        rows.append((f"`yizhan {command.name}`", said))
    return table(("command", "what it does"), rows)


def visibility() -> str:
    """Who sees which records."""
    rows = []
    for noun in nouns():
        rule = VISIBLE.get(noun.label)
        public, member = (rule.public, rule.member) if rule else (None, None)
        rows.append((f"`{noun.label}`", _shown_to(public), _shown_to(member)))
    return table(("records", "the public sees", "those who act for a station see"), rows)


def personal() -> str:
    """The fields that only those who answer for a record see, and who that is."""
    links = {noun.node.label: noun.answering for noun in NOUNS}
    rows = []
    for noun in nouns():
        names = ", ".join(f"`{name}`{'*' if agreed else ''}" for name, agreed in _guarded(noun))
        stations = ", ".join(f"`{link.name}`" for link in links[noun.label])
        if names:
            rows.append((f"`{noun.label}`", names, stations))
    return table(("records", "guarded fields", "links to the stations that answer for the record"), rows)


def filters() -> str:
    """The lists, what they may be filtered by, which of that they are counted by, and their orders."""
    rows = []
    for noun in nouns():
        facets = noun.connection._meta.fields.get("facets")
        counted = facets.type.of_type._meta.fields if facets else ()
        texts = (map(camel, noun.filters), map(camel, counted), noun.all_orders())
        listed = (", ".join(f"`{each}`" for each in each_of) for each_of in texts)
        rows.append((f"`{noun.plural}`", f"`{noun.singular}`", *listed))
    return table(("list", "look-up", "filters", "facets", "orders"), rows)


def limits() -> str:
    """What a question may be at most."""
    rows = (
        ("bytes of the request", over_http.LONGEST_BODY),
        ("characters of the document", gateway_limits.CHARACTERS),
        ("tokens of it, without comments", gateway_limits.TOKENS),
        ("comments in it", gateway_limits.COMMENTS),
        ("fields, those of a fragment as often as it is used", gateway_limits.FIELDS),
        ("levels of fields within each other", gateway_limits.DEPTH),
        ("times that the same field is asked for of the same object", gateway_limits.REPEATS),
        ("aliases", gateway_limits.ALIASES),
        ("variables", gateway_limits.VARIABLES),
        ("records on a page", paging.MOST),
        ("records that may have to be read, pages within pages multiplied", gateway_limits.COST),
        ("of these, each facet of each list counts as", gateway_limits.FACET),
    )
    return table(("what", "at most"), ((what, f"{most:,}") for what, most in rows))


def prices() -> str:
    """What counts towards the rate besides the records that may have to be read."""
    rows = (
        ("each field of the root: a list, a look-up, a mutation", 1),
        ("each description of the schema", guarding.DESCRIBING),
        (f"each {guarding.CHARACTERS} characters of a document that the server does not know, or begun", 1),
        ("what is refused", 1),
    )
    return table(("what", "as many records"), ((what, f"{records:,}") for what, records in rows))


def camel(name: str) -> str:
    """`published_since` as GraphQL spells it."""
    first, *others = name.split("_")
    return first + "".join(each.title() for each in others)


def _shown_to(alternatives: tuple[Alternative, ...] | Everybody) -> str:
    if alternatives is None:
        return "all"
    return " or ".join(_alternative(each) for each in alternatives) or "none"


def _alternative(alternative: Alternative) -> str:
    if isinstance(alternative, Having):
        return " and ".join(f"`{name}` {_either(each)}" for name, each in alternative.values.items())
    return "their own station answers for it"


def _either(values: Iterable[Any]) -> str:
    """The values that a property may have, as words."""
    words = [str(each) for each in values]
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _guarded(noun: Noun) -> list[tuple[str, bool]]:
    """The fields of a type that are made for those who answer for the record, and whether a person may allow more."""
    return [(camel(name), own.public_if is not None) for name, own in guarded_fields(noun.type).items()]


LISTS: Mapping[str, Callable[[], str]] = {
    each.__name__: each
    for each in (
        refusals,
        flaws,
        losses,
        settings,
        commands,
        visibility,
        personal,
        filters,
        limits,
        prices,
        events,
        kept,
    )
}


def rewritten(page: str) -> str:
    """The text of a page with each of its lists as the code has it now."""
    for name, make in LISTS.items():
        begin = BEGIN.format(name)
        before, found, rest = page.partition(begin)
        if found:
            _, closed, after = rest.partition(END)
            if not closed:
                raise ValueError(f"the list {name} has no end")
            page = f"{before}{begin}\n\n{make()}\n\n{END}{after}"
    return page


def main(arguments: list[str], folder: Path = GUIDE) -> int:
    """Write the pages that are out of date, or with `--check` only name them; 1 when a check finds some."""
    stale = []
    for page in sorted(folder.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        if (new := rewritten(text)) != text:
            stale.append(page)
            if "--check" not in arguments:
                page.write_text(new, encoding="utf-8")
    for page in stale:
        print(f"{page.name}: {'out of date; scripts/docs writes it' if '--check' in arguments else 'written'}")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
