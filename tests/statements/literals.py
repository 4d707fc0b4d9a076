"""Cypher in source code: every literal that looks like it, and whether it is a part of some statement."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

Text: TypeAlias = ast.Constant | ast.JoinedStr

GAP = "\0"
"""Stands for what an f-string puts in when it runs."""

CYPHER = re.compile(
    r"\b(?:MATCH|MERGE|UNWIND|RETURN|WHERE|DELETE|REMOVE|FOREACH|ON CREATE|ON MATCH|ORDER BY|SKIP|LIMIT|UNION"
    r"|STARTS WITH|ENDS WITH|CONTAINS|IS NULL|IS NOT NULL|SHOW (?:INDEXES|CONSTRAINTS|DATABASES))\b"
    r"|\b(?:EXISTS|COUNT|COLLECT|CALL(?: ?\([^)]*\))?) ?\{"
    r"|\bCALL [a-z]"
    r"|\bSET \w+[.:\0 ]"
    r"|\b(?:CREATE|DROP) (?:\(|CONSTRAINT\b|INDEX\b|FULLTEXT\b|VECTOR\b)"
    r"|(?:[=~<>:(,]|\b(?:IN|BY)) ?\$[\w\0]"
    r"|^n\.\w+$"
    r"|\(\w*:[\w\0`]+[ )]|\[\w*:[\w\0`][\w\0|`]*\]"
)
OTHERWISE = re.compile(
    r"\b(?:SELECT\b.*\bFROM|INSERT (?:OR \w+ )?INTO|UPDATE \w+ SET|DELETE FROM|CREATE (?:TABLE|UNIQUE INDEX)|PRAGMA)\b"
    r"|\bFROM \S+ AS \w+ WORKDIR\b"
)
"""What is SQL, or how an image is made."""
ENDED = re.compile(r"\bRETURN\b(?!.*\b(?:MATCH|WITH|UNWIND|CALL|UNION)\b).*[^\0]$")
"""A RETURN is the last of its clauses, so that what it returns ends with it."""
ENDING = r"(?= ?(?:$|\}|UNION|ORDER BY|SKIP|LIMIT))"


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal of the source, with one GAP for each value that it takes in."""

    place: str
    text: str

    def pattern(self) -> re.Pattern[str]:
        """What a statement looks like that this is a part of."""
        text = plain(self.text)
        before = r"(?<!\w)" if re.match(r"\w", text) else ""
        after = r"(?!\w)" if re.search(r"\w$", text) else ""
        return re.compile(
            before + ".*?".join(map(re.escape, text.split(GAP))) + (ENDING if ENDED.search(text) else after)
        )


def plain(text: str) -> str:
    """The text with single spaces."""
    return " ".join(text.split())


def cypher(folders: Iterable[Path], root: Path, known: Callable[[Path], Mapping[str, object]]) -> list[Literal]:
    """All literals that look like Cypher in the modules below these folders, but for docstrings.

    `known` gives the names of a module; those that stand for texts are put into its literals.
    """
    found = []
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            literals = [each for each in _literals(ast.parse(path.read_text(encoding="utf-8"))) if _looks(each)]
            names = known(path) if literals else {}
            found += [Literal(f"{path.relative_to(root)}:{each.lineno}", _text(each, names)) for each in literals]
    return found


def _looks(literal: Text) -> bool:
    text = plain(_text(literal, {}))
    return CYPHER.search(text) is not None and OTHERWISE.search(text) is None


def _text(literal: Text, names: Mapping[str, object]) -> str:
    if isinstance(literal, ast.Constant):
        return str(literal.value)
    return "".join(_part(part, names) for part in literal.values)


def _part(part: ast.expr, names: Mapping[str, object]) -> str:
    match part:
        case ast.Constant(value=str(text)):
            return text
        case ast.FormattedValue(value=ast.Name(id=name)) if isinstance(value := names.get(name), str):
            return value
        case _:
            return GAP


def _literals(node: ast.AST) -> Iterator[Text]:
    match node:
        case ast.Expr(value=ast.Constant()):
            return
        case ast.Constant(value=str()):
            yield node
        case ast.JoinedStr(values=parts):
            yield node
            for part in parts:
                if isinstance(part, ast.FormattedValue):
                    yield from _literals(part.value)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _literals(child)


def unexercised(literals: Iterable[Literal], statements: Iterable[str]) -> list[str]:
    """Those that are no part of any of these statements: where they stand, and what they say."""
    texts = [plain(text) for text in statements]
    found = []
    for literal in literals:
        pattern = literal.pattern()
        if not any(pattern.search(text) for text in texts):
            found.append(f"{literal.place}: {plain(literal.text).replace(GAP, '…')}")
    return found
