"""Fields of types over the graph: neighbours by their links, texts in two languages, money, contacts."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import Any

import graphene

from domain.reference import regions
from gateway.context import Request
from gateway.enums import enum_type
from gateway.loading import Neighbours, answers_for, load_neighbour, load_neighbours
from gateway.paging import page_size
from gateway.scalars import Amount
from projections.changes import LinkType


class Bilingual(graphene.ObjectType):
    """A text in Chinese, in English, or in both."""

    zh = graphene.String()
    en = graphene.String()
    text = graphene.String(
        required=True,
        lang=graphene.String(description="zh or en; without it the language that the request prefers."),
        description="The text in the language wanted or, failing that, in the other one.",
    )

    @staticmethod
    def resolve_text(value: dict[str, str | None], info: Any, lang: str | None = None) -> str | None:
        request: Request = info.context
        first, second = ("en", "zh") if (lang or request.language) == "en" else ("zh", "en")
        return value[first] or value[second]


class Money(graphene.ObjectType):
    """An amount in a currency."""

    amount = graphene.NonNull(Amount)
    currency = graphene.String(required=True, description="By ISO 4217.")


class Contact(graphene.ObjectType):
    """A person to talk to. Shown to the staff of a station that answers for the record; sealed at rest."""

    name = graphene.String()
    phone = graphene.String()
    email = graphene.String()


class Region(graphene.ObjectType):
    """A region of China (行政区划), by GB/T 2260."""

    code = graphene.String(required=True)
    name = graphene.String(description="Its Chinese name.")
    province = graphene.String(description="The Chinese name of the province that it lies in, or is.")
    province_en = graphene.String(description="The English name of that province.")


def region() -> Any:
    """The region of a record, kept by its code."""

    def resolve(node: dict[str, Any], _info: Any) -> dict[str, Any] | None:
        code = node.get("region")
        if code is None:
            return None
        found = regions.region(code)
        if found is None:
            return {"code": code}
        return {"code": code, "name": found.name, "province": found.province, "province_en": found.province_en}

    return graphene.Field(Region, resolver=resolve, description="Where it is.")


def text(name: str, description: str, *, required: bool = False) -> Any:
    """A text kept as `name_zh` and `name_en`."""

    def resolve(node: dict[str, Any], _info: Any) -> dict[str, str | None] | None:
        zh, en = node.get(f"{name}_zh"), node.get(f"{name}_en")
        return {"zh": zh, "en": en} if zh or en else None

    return graphene.Field(Bilingual, resolver=resolve, required=required, description=description)


def money(name: str, description: str) -> Any:
    """An amount kept as `name_minor` and `name_currency`."""

    def resolve(node: dict[str, Any], _info: Any) -> dict[str, Any] | None:
        minor = node.get(f"{name}_minor")
        return None if minor is None else {"amount": Decimal(minor) / 100, "currency": node[f"{name}_currency"]}

    return graphene.Field(Money, resolver=resolve, description=description)


def choice(enum: type[Enum], description: str, *, required: bool = False) -> Any:
    """A value of an enumeration of the domain."""
    return graphene.Field(enum_type(enum), required=required, description=description)


def choices(enum: type[Enum], description: str) -> Any:
    """Values of an enumeration of the domain."""
    return graphene.List(graphene.NonNull(enum_type(enum)), required=True, default_value=(), description=description)


def words(description: str) -> Any:
    """A list of texts, empty when there are none."""
    return graphene.List(graphene.NonNull(graphene.String), required=True, default_value=(), description=description)


def one(type: str, link: LinkType, description: str, *, incoming: bool = False) -> Any:
    """The neighbour by a link of which there is at most one. `type` is `noun.Type` in gateway/types."""
    neighbours = Neighbours(link, incoming)

    async def resolve(node: dict[str, Any], info: Any) -> dict[str, Any] | None:
        return await load_neighbour(info.context, neighbours, node["id"])

    return graphene.Field(f"gateway.types.{type}", resolver=resolve, description=description)


def many(type: str, link: LinkType, description: str, *, incoming: bool = False) -> Any:
    """The neighbours by a link, newest first, in pages. `type` is `noun.Connection` in gateway/types."""
    neighbours = Neighbours(link, incoming)

    async def resolve(
        node: dict[str, Any], info: Any, first: int | None = None, after: str | None = None
    ) -> dict[str, Any]:
        return await load_neighbours(info.context, neighbours, node["id"], page_size(first), after)

    return graphene.Field(
        f"gateway.types.{type}",
        first=graphene.Int(),
        after=graphene.String(),
        resolver=resolve,
        required=True,
        description=description,
    )


class Guarded(graphene.Field):
    """A field for those who answer for the record, made of these properties of the node."""

    def __init__(self, type: Any, properties: tuple[str, ...], **more: Any) -> None:
        super().__init__(type, **more)
        self.properties = properties


def guarded(type: Any) -> frozenset[str]:
    """The properties of a type of the graph that are for those who answer for the record."""
    fields = type._meta.fields.values()
    return frozenset(name for each in fields if isinstance(each, Guarded) for name in each.properties)


def personal(property: str, description: str, *, public_if: str | None = None) -> Any:
    """A sealed text about a person: for those who answer for the record, for everybody if the person agreed to it."""

    async def resolve(node: dict[str, Any], info: Any) -> str | None:
        agreed = public_if is not None and bool(node.get(public_if))
        if not agreed and not await answers_for(info.context, node["id"]):
            return None
        return unsealed(info.context, node, property)

    return Guarded(graphene.String, (property,), resolver=resolve, description=description)


def internal(property: str, description: str) -> Any:
    """A text for those who answer for the record."""

    async def resolve(node: dict[str, Any], info: Any) -> str | None:
        return node.get(property) if await answers_for(info.context, node["id"]) else None

    return Guarded(graphene.String, (property,), resolver=resolve, description=description)


def contact() -> Any:
    """The contact person of a record, for those who may see one."""

    async def resolve(node: dict[str, Any], info: Any) -> dict[str, str | None] | None:
        if "contact_person_id" not in node or not await answers_for(info.context, node["id"]):
            return None
        return {name: unsealed(info.context, node, f"contact_{name}") for name in ("name", "phone", "email")}

    properties = tuple(f"contact_{name}" for name in ("person_id", "name", "phone", "email"))
    return Guarded(Contact, properties, resolver=resolve, description="Whom to talk to, for those who may see it.")


def unsealed(request: Request, node: dict[str, Any], property: str) -> str | None:
    """A sealed text of a node, opened; None if there is none or its key is gone."""
    sealed = node.get(property)
    return request.services.opener.open(sealed, entity=node["id"]) if sealed else None
