"""The workflow of an interest as the code has it: a diagram of its stages, its moves, its ends and its periods."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from domain.consents import AskConsent
from domain.disclosures import GiveContact, ReceiveContact
from domain.interest_commands import MOVING, RecordInterestMessage
from domain.interest_stages import MOVES, InterestStage
from domain.kernel.commands import Command
from domain.reference.closing_reasons import ClosingReason
from domain.reference.reminder_periods import PERIODS
from domain.registry import registry

Table = Callable[[Iterable[str], Iterable[Iterable[str]]], str]


def mutation(command: type[Command]) -> str:
    """The name of the mutation that gives the command."""
    return command.__name__[0].lower() + command.__name__[1:]


def said(command: type[Command]) -> str:
    """What is said of the decision that a command asks for."""
    return (registry().plans[command].decide.__doc__ or "").strip().splitlines()[0]


def interest_diagram() -> str:
    """The stages of an interest and the moves between them, as Mermaid draws them."""
    by_stage = {command.TO: mutation(command) for command in MOVING}
    lines = ["stateDiagram-v2", f"    [*] --> {InterestStage.PENDING}: expressInterest"]
    for stage in InterestStage:
        lines += [f"    {stage} --> {to}: {by_stage[to]}" for to in MOVES[stage]]
        if not MOVES[stage]:
            lines.append(f"    {stage} --> [*]")
    return "\n".join(("```mermaid", *lines, "```"))


def interest_moves(table: Table) -> str:
    """Each move with the stage that it leads to and those that it starts from."""
    rows = [
        (
            f"`{mutation(command)}`",
            ", ".join(f"`{stage}`" for stage in InterestStage if command.TO in MOVES[stage]),
            f"`{command.TO}`",
            said(command),
        )
        for command in MOVING
    ]
    return table(("mutation", "from", "to", "what is asked for"), rows)


def interest_besides(table: Table) -> str:
    """What happens besides, without a move."""
    besides = (RecordInterestMessage, AskConsent, GiveContact, ReceiveContact)
    return table(("mutation", "what is asked for"), ((f"`{mutation(each)}`", said(each)) for each in besides))


def closing_reasons(table: Table) -> str:
    """The reasons for which an interest is closed."""
    rows = ((f"`{each.name}`", each.zh, each.en, each.since.isoformat()) for each in ClosingReason)
    return table(("reason", "中文", "English", "since"), rows)


def reminder_periods(table: Table) -> str:
    """The periods by which reminders fall due."""
    rows = ((each.since.isoformat(), str(each.acknowledge), str(each.follow_up), str(each.silence)) for each in PERIODS)
    return table(("since", "days until acknowledged", "days between follow-ups", "days of silence"), rows)
