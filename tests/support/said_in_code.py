"""What the code may say: the codes and explanations of its refusals and flaws, read from its source.

A text that is put together is shown with … where a value stands. A code must be known in full, or this fails.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import TypeAlias

ROOT = Path(__file__).resolve().parents[2]
Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
GAP = "…"


@dataclass(frozen=True, slots=True)
class Saying:
    """A call that says no: where it stands, its code, and its other texts in the order of its arguments."""

    module: str
    code: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Module:
    """A module with its source as a tree, and what its tree does not say: `known` expressions with their values.

    When it is `one`, an expression that may stand for several texts stands for none.
    """

    path: str
    tree: ast.Module
    loaded: ModuleType
    known: Mapping[str, tuple[str, ...]]
    one: bool = False


def sayings(folder: str, callers: Mapping[str, int], known: Mapping[str, tuple[str, ...]]) -> list[Saying]:
    """What the calls of these functions say, in all modules below a folder; the number is the place of the code.

    `known` gives the values of expressions that only run time gives, as they are written in the source. A code that is
    passed on from an error that was caught is that error's own, and left out.
    """
    found: list[Saying] = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        tree, named = _read(path.read_text(encoding="utf-8"))
        calls = [(call, within) for called, call, within in named if called in callers]
        if not calls:
            continue
        name = str(path.relative_to(ROOT))
        loaded = import_module(name.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
        module = _Module(name, tree, loaded, known)
        for call, function in calls:
            found.extend(_said(module, call, function, callers[ast.unparse(call.func)]))
    return found


@cache
def _read(source: str) -> tuple[ast.Module, list[tuple[str, ast.Call, Function | None]]]:
    """The source as a tree, and its calls with what they call; every list asks for those of the same modules."""
    tree = ast.parse(source)
    return tree, [(ast.unparse(call.func), call, within) for call, within in _calls(tree, None)]


def by_code(found: list[Saying]) -> dict[str, list[Saying]]:
    """The sayings of each code, in the order of the alphabet, each once."""
    grouped: dict[str, list[Saying]] = defaultdict(list)
    for saying in found:
        if saying not in grouped[saying.code]:
            grouped[saying.code].append(saying)
    return dict(sorted(grouped.items()))


def _calls(node: ast.AST, function: Function | None) -> Iterator[tuple[ast.Call, Function | None]]:
    """Every call, with the innermost function that it stands in."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield child, function
        inner = child if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else function
        yield from _calls(child, inner)


def _said(module: _Module, call: ast.Call, function: Function | None, place: int) -> Iterator[Saying]:
    code = call.args[place]
    if isinstance(code, ast.Attribute) and code.attr == "code":
        return
    if isinstance(code, ast.Name) and _is_parameter(code.id, function) and code.id == "code":
        return
    for bound in _bound(module, code, function):
        texts = tuple(_plain(text) for each in call.args[place + 1 :] for text in _readings(bound, each, function))
        for value in _values(bound, code, function):
            if GAP in value:
                where = f"{module.path}:{call.lineno}"
                raise LookupError(f"{where}: the code {ast.unparse(code)} is not known from the source")
            yield Saying(module.path, value, texts)


def _bound(module: _Module, code: ast.expr, function: Function | None) -> Iterator[_Module]:
    """The module once for each text that a name in the code may stand for, with only that one known."""
    names = [ast.unparse(each.value) for each in ast.walk(code) if isinstance(each, ast.FormattedValue)]
    if not names:
        yield module
    for name in names[:1]:
        for value in _values(module, ast.parse(name, mode="eval").body, function):
            yield replace(module, known={**module.known, name: (value,)})


def _plain(text: str) -> str:
    """The text with one … where several values stand beside each other."""
    while f"{GAP}{GAP}" in text or f"{GAP} {GAP}" in text:
        text = text.replace(f"{GAP} {GAP}", GAP).replace(f"{GAP}{GAP}", GAP)
    return text


def _readings(module: _Module, node: ast.expr, function: Function | None) -> tuple[str, ...]:
    """An explanation as people read it; one that depends on a condition has two."""
    nodes = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]
    return tuple(_values(replace(module, one=True), each, function)[0] for each in nodes)


def _values(module: _Module, node: ast.expr, function: Function | None) -> tuple[str, ...]:
    """The texts that an expression may stand for."""
    written = ast.unparse(node)
    if written in module.known:
        return module.known[written]
    match node:
        case ast.Constant(value=str(text)):
            return (text,)
        case ast.Call(func=ast.Attribute(value=text, attr="rstrip")):
            return _values(module, text, function)
        case ast.JoinedStr(values=parts):
            return tuple("".join(each) for each in product(*(_values(module, part, function) for part in parts)))
        case ast.FormattedValue(value=value):
            return _values(module, value, function)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            pairs = product(_values(module, left, function), _values(module, right, function))
            return tuple(f"{one}{other}" for one, other in pairs)
        case ast.Name(id=name):
            found = _named(module, name, function)
            return (GAP,) if module.one and len(found) > 1 else found
        case _:
            return (GAP,)


def _named(module: _Module, name: str, function: Function | None) -> tuple[str, ...]:
    """What a name stands for: assigned in the function, handed to it by calls in the module, or a constant."""
    if function is not None:
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == name:
                return _values(module, node.value, function)
            if isinstance(node, ast.For) and (values := _looped(module, node, name, function)):
                return values
        if _is_parameter(name, function):
            return _handed(module, name, function) or (GAP,)
    value = getattr(module.loaded, name, None)
    return (value,) if isinstance(value, str) else (GAP,)


def _looped(module: _Module, loop: ast.For, name: str, function: Function) -> tuple[str, ...]:
    """The texts that a loop gives to one of its names: over tuples, written out, or over the function's keywords."""
    names = loop.target.elts if isinstance(loop.target, ast.Tuple) else [loop.target]
    places = [number for number, each in enumerate(names) if isinstance(each, ast.Name) and each.id == name]
    keywords = function.args.kwarg
    if places == [0] and keywords is not None and ast.unparse(loop.iter) == f"{keywords.arg}.items()":
        return _keywords(module, function)
    if not places or not isinstance(loop.iter, ast.Tuple):
        return ()
    rows = [each.elts if isinstance(each, ast.Tuple) else [each] for each in loop.iter.elts]
    texts = [row[places[0]] for row in rows]
    return tuple(each.value for each in texts if isinstance(each, ast.Constant) and isinstance(each.value, str))


def _keywords(module: _Module, function: Function) -> tuple[str, ...]:
    """The names that the calls in this module give to what a function is handed by name."""
    calls = [call for call, _ in _calls(module.tree, None) if ast.unparse(call.func) == function.name]
    return tuple(dict.fromkeys(each.arg for call in calls for each in call.keywords if each.arg))


def _is_parameter(name: str, function: Function | None) -> bool:
    return function is not None and any(argument.arg == name for argument in function.args.args)


def _handed(module: _Module, name: str, function: Function) -> tuple[str, ...]:
    """The constants that the calls in this module hand to a parameter of a function."""
    place = [argument.arg for argument in function.args.args].index(name)
    called = [call for call, _ in _calls(module.tree, None) if ast.unparse(call.func) == function.name]
    handed = [call.args[place] for call in called if len(call.args) > place]
    constants = [each.value for each in handed if isinstance(each, ast.Constant)]
    return tuple(dict.fromkeys(each for each in constants if isinstance(each, str)))
