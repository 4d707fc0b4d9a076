"""Ids of entities: TypeIDs, a prefix that says what it is and a UUID (`need_01h455vb4pex5vsknk084sn02q`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema
from typeid import TypeID
from uuid_utils import NAMESPACE_URL, uuid5

NAMESPACE = uuid5(NAMESPACE_URL, "urn:yizhan")
SUFFIX = re.compile(r"[0-7][0-9abcdefghjkmnpqrstvwxyz]{25}")


def derived_id(prefix: str, *parts: str) -> str:
    """The id of the `prefix` that `parts` name: the same parts, the same id, on every machine and for ever."""
    name = "\x1f".join((prefix, *(part.replace("\x1e", "\x1e0").replace("\x1f", "\x1e1") for part in parts)))
    return str(TypeID.from_uuid(suffix=uuid5(NAMESPACE, name), prefix=prefix))


def prefix_of(id: str) -> str:
    """What an id stands for: `need` for `need_01h4…`; the empty string when it is no id."""
    prefix, _, suffix = id.rpartition("_")
    return prefix if SUFFIX.fullmatch(suffix) else ""


@dataclass(frozen=True, slots=True)
class Ref:
    """Marks a text field as the id of an entity with this prefix, and refuses any other text there."""

    prefix: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        form = core_schema.str_schema(pattern=f"^{self.prefix}_{SUFFIX.pattern}$")
        return core_schema.chain_schema(
            [
                handler(source),
                core_schema.custom_error_schema(
                    form,
                    custom_error_type="id",
                    custom_error_message="takes the id of a {prefix}, such as {prefix}_…",
                    custom_error_context={"prefix": self.prefix},
                ),
            ]
        )
