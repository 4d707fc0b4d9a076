"""The classes of technology contracts (合同类别), by the law of the day."""

from __future__ import annotations

from datetime import date

from domain.kernel.refusals import ensure
from domain.reference.listed import Dated

CONTRACT_LAW = date(1999, 10, 1)
"""From this day on the Contract Law (合同法) knew four classes of technology contracts."""

CIVIL_CODE = date(2021, 1, 1)
"""From this day on the Civil Code (民法典) holds; the licence, until then a kind of transfer, is a class of its own."""


class ContractClass(Dated):
    """What the parties agree on."""

    DEVELOPMENT = "development", "技术开发", "Technology development", CONTRACT_LAW
    TRANSFER = "transfer", "技术转让", "Technology transfer", CONTRACT_LAW
    LICENCE = "licence", "技术许可", "Technology licence", CIVIL_CODE
    CONSULTING = "consulting", "技术咨询", "Technology consulting", CONTRACT_LAW
    SERVICE = "service", "技术服务", "Technology service", CONTRACT_LAW


def ensure_contract_class(contract_class: ContractClass, on: date) -> None:
    """The law of the day knows the class."""
    ensure(
        contract_class.in_force(on),
        "contract_class.not_in_force",
        f"{contract_class.zh} is a class since {contract_class.since}; "
        f"on {on} takes one of {', '.join(ContractClass.on(on)) or 'none'}",
    )
