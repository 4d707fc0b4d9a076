"""Fields of types over the graph: neighbours by their links, texts in two languages, money, contacts."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import Any

import graphene

from domain.reference import regions
from gateway.context import Request
from gateway.enums import enum_type
from gateway.loading import Neighbours
from gateway.made import Field, Many, One, Own, Part, own
from gateway.scalars import Amount
from projections.changes import LinkType


def _in_language(request: Request, value: dict[str, str | None], lang: str | None = None) -> str | None:
    first, second = ("en", "zh") if (lang or request.language) == "en" else ("zh", "en")
    return value[first] or value[second]


class Bilingual(graphene.ObjectType):
    """A text in Chinese, in English, or in both."""

    zh = graphene.String()
    en = graphene.String()
    text = Field(
        graphene.String,
        Part(_in_language),
        required=True,
        lang=graphene.String(description="zh or en; without it the language that the request prefers."),
        description="The text in the language wanted or, failing that, in the other one.",
    )


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

    def make(_request: Request, code: str | None) -> dict[str, Any] | None:
        if code is None:
            return None
        found = regions.region(code)
        if found is None:
            return {"code": code}
        return {"code": code, "name": found.name, "province": found.province, "province_en": found.province_en}

    return own(Region, ("region",), make, description="Where it is.")


def text(name: str, description: str, *, required: bool = False) -> Any:
    """A text kept as `name_zh` and `name_en`."""

    def make(_request: Request, zh: str | None, en: str | None) -> dict[str, str | None] | None:
        return {"zh": zh, "en": en} if zh or en else None

    return own(Bilingual, (f"{name}_zh", f"{name}_en"), make, required=required, description=description)


def money(name: str, description: str) -> Any:
    """An amount kept as `name_minor` and `name_currency`."""

    def make(_request: Request, minor: int | None, currency: str | None) -> dict[str, Any] | None:
        return None if minor is None else {"amount": Decimal(minor) / 100, "currency": currency}

    return own(Money, (f"{name}_minor", f"{name}_currency"), make, description=description)


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
    return Field(f"gateway.types.{type}", One(Neighbours(link, incoming)), description=description)


def many(type: str, link: LinkType, description: str, *, incoming: bool = False) -> Any:
    """The neighbours by a link, newest first, in pages. `type` is `noun.Connection` in gateway/types."""
    return Field(
        f"gateway.types.{type}",
        Many(Neighbours(link, incoming)),
        first=graphene.Int(),
        after=graphene.String(),
        required=True,
        description=description,
    )


def personal(property: str, description: str, *, public_if: str | None = None) -> Any:
    """A sealed text about a person: for those who answer for the record, for everybody if the person agreed to it."""
    made = Own((property, "id"), unsealed, guarded=True, public_if=public_if)
    return Field(graphene.String, made, description=description)


def internal(property: str, description: str) -> Any:
    """A text for those who answer for the record."""

    def make(_request: Request, value: str | None) -> str | None:
        return value

    return Field(graphene.String, Own((property,), make, guarded=True), description=description)


def contact() -> Any:
    """The contact person of a record, for those who may see one."""
    names = ("name", "phone", "email")

    def make(request: Request, id: str, person_id: str | None, *sealed: str | None) -> dict[str, str | None] | None:
        if person_id is None:
            return None
        return {name: unsealed(request, value, id) for name, value in zip(names, sealed, strict=True)}

    made = Own(("id", *(f"contact_{name}" for name in ("person_id", *names))), make, guarded=True)
    return Field(Contact, made, description="Whom to talk to, for those who may see it.")


def unsealed(request: Request, sealed: str | None, id: str) -> str | None:
    """A sealed text of the node with this id, opened; None if there is none or its key is gone."""
    return request.services.opener.open(sealed, entity=id) if sealed else None
