"""Values that cannot be wrong: money, a text in two languages, a source, a contact person."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self, TypeAlias

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from domain.kernel.facts import Value
from domain.kernel.fields import Code, Opening, PersonalText, Prose
from domain.kernel.ids import Ref


class Currency(StrEnum):
    """The currencies that the network's deals are concluded in, by ISO 4217."""

    CNY = "CNY"
    EUR = "EUR"
    USD = "USD"
    GBP = "GBP"
    JPY = "JPY"
    CHF = "CHF"
    HKD = "HKD"


class Money(Value):
    """An amount that is not negative, with at most two decimals, in a currency."""

    amount: Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=2)]
    currency: Currency = Currency.CNY


class Bilingual(Value):
    """A text in Chinese, in English, or in both."""

    zh: Prose | None = None
    en: Prose | None = None

    @model_validator(mode="after")
    def _has_a_text(self) -> Self:
        if self.zh is None and self.en is None:
            raise PydanticCustomError("bilingual", "takes a text in zh, in en, or in both")
        return self


class Source(Value):
    """Where a record came from: the system that holds it and its reference there. Together they name it for ever."""

    system: Code
    reference: Annotated[Prose, Field(max_length=1_200)]


class Contact(Value):
    """A person to talk to (联系人). All of it but the id is personal, and sealed from the first event on."""

    person_id: Annotated[str, Ref("person")]
    name: PersonalText | None = None
    phone: PersonalText | None = None
    email: PersonalText | None = None


RegionCode: TypeAlias = Annotated[str, Opening.OPEN, StringConstraints(pattern=r"^\d{6}$")]
"""A region of China by its six digits (行政区划代码, GB/T 2260); that it exists is checked when it is recorded."""

CountryCode: TypeAlias = Annotated[str, Opening.OPEN, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""A country by its two letters (ISO 3166-1 alpha-2)."""
