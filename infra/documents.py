"""The folder of trusted documents: read once, each file parsed, validated, and held to the limits."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Final

from graphql import GraphQLError, OperationDefinitionNode, parse

from gateway.documents import Document
from gateway.operations import DocumentError, operation
from infra.errors import UnfitError

PATTERN: Final = "*.graphql"
INSTALLED: Final = "trusted"
"""What the folder is called in the package of the gateway; in a checkout it stands beside the package."""
CHECKOUT: Final = "operations"


def own_folder() -> Path:
    """The folder of the documents that come with yizhan."""
    package = Path(str(files("gateway")))
    installed = package / INSTALLED
    return installed if installed.is_dir() else package.parent / CHECKOUT


def documents_in(folder: Path) -> list[Document]:
    """The documents of a folder and of those in it, by their names. Raises UnfitError, with all that does not fit."""
    if not folder.is_dir():
        raise UnfitError(f"documents: there is no folder {folder}")
    found, faults = [], []
    for file in sorted(folder.rglob(PATTERN)):
        try:
            found.append(_document(file, str(file.relative_to(folder))))
        except (DocumentError, GraphQLError) as error:
            faults += [f"{file}:{line}: {reason}" for line, reason in _reasons(error)]
        except (UnicodeDecodeError, OSError) as error:
            faults.append(f"{file}:1: {error}")
    if faults:
        raise UnfitError("\n".join(faults))
    return found


def _document(file: Path, name: str) -> Document:
    """The document that a file holds: its text as it stands there, to the byte."""
    text = file.read_bytes().decode()
    operations = [each for each in parse(text).definitions if isinstance(each, OperationDefinitionNode)]
    names = tuple(each.name.value for each in operations if each.name)
    if not names or len(names) < len(operations):
        raise GraphQLError("takes operations, each with a name")
    for each in names if len(names) > 1 else (None, *names):
        operation(text, each)  # it is kept from now on
    return Document(text, names, name)


def _reasons(error: DocumentError | GraphQLError) -> Iterator[tuple[int, str]]:
    for each in error.errors if isinstance(error, DocumentError) else [error]:
        yield each.locations[0].line if each.locations else 1, each.message
