"""A network that has just been installed: the national station, open, and its administrator."""

from __future__ import annotations

from datetime import date, datetime

from domain.installation import Install
from domain.kernel.context import Context
from domain.kernel.outcomes import Desk
from domain.values import Bilingual
from infra.identity.directory import person_id

ADMINISTRATOR = person_id("administrator")


def install(desk: Desk, at: datetime) -> None:
    """Install the network, as its administrator."""
    command = Install(
        name=Bilingual(zh="国家站点", en="National Station"),
        region="110108",
        opened_on=date(2026, 1, 1),
        administrator_id=ADMINISTRATOR,
        administrator_name="管理员",
    )
    desk.perform(command, Context(actor=ADMINISTRATOR, request_id="install", at=at))
