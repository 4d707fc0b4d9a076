"""Random walks of an interest with its consent and disclosures, against a table of the machine written by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from interest_stories import ADVISER, CONSENT, EXPRESSED, GIVEN, INTEREST, RECEIVED, SPOKEN, THEIRS, network
from scenario import Story, Told
from two_stations import SHAOXING

from domain.consents import AcceptConsent, ConsentAsked, ContactField, DeclineConsent, WithdrawConsent
from domain.disclosures import GiveContact, ReceiveContact
from domain.interest_commands import (
    AllocateInterest,
    ArchiveInterest,
    CloseInterest,
    ConfirmNegotiations,
    ExchangeContacts,
    GiveInterestUp,
    MoveInterest,
    RecordInterestMessage,
    ReferInterest,
    RegisterInterestAchievement,
    ReviewInterest,
    SignInterestStatement,
    SignpostInterest,
)
from domain.interest_facts import Channel, MessageWay
from domain.kernel.commands import Command
from domain.reference.closing_reasons import ClosingReason
from domain.reference.een import PartnershipType

TODAY, BEGUN = date(2026, 8, 10), date(2026, 1, 5)
TABLE: dict[str, dict[str, str]] = {
    "pending": {"signpost": "signposted", "close": "closed", "die": "died"},
    "signposted": {"allocate": "allocated", "close": "closed", "die": "died"},
    "allocated": {"refer": "referred", "close": "closed", "die": "died"},
    "referred": {"review": "reviewed_by_client", "close": "closed", "die": "died"},
    "reviewed_by_client": {"exchange": "contacts_exchanged", "close": "closed", "die": "died"},
    "contacts_exchanged": {"sign": "statement_signed", "close": "closed", "die": "died"},
    "statement_signed": {"negotiate": "negotiating", "close": "closed", "die": "died"},
    "negotiating": {"register": "achievement_registered", "close": "closed", "die": "died"},
    "achievement_registered": {"archive": "archived"},
    "closed": {"archive": "archived"},
    "died": {"archive": "archived"},
    "archived": {},
}
DISCLOSING = ("reviewed_by_client", "contacts_exchanged", "statement_signed", "negotiating")
CONTACT = {"refer", "review", "exchange", "sign", "negotiate", "register"}
KINDS: dict[str, tuple[type[MoveInterest], dict[str, Any]]] = {
    "signpost": (SignpostInterest, {"handler_id": SHAOXING}),
    "allocate": (AllocateInterest, {"station_id": SHAOXING, "adviser_id": ADVISER}),
    "refer": (ReferInterest, {"channel": Channel.EMAIL}),
    "review": (ReviewInterest, {"channel": Channel.EMAIL, "answer": "Yes."}),
    "exchange": (ExchangeContacts, {"given_id": GIVEN, "received_id": RECEIVED}),
    "sign": (SignInterestStatement, {}),
    "negotiate": (ConfirmNegotiations, {}),
    "register": (RegisterInterestAchievement, {"number": "1", "partnership": PartnershipType.COMMERCIAL}),
    "close": (CloseInterest, {"reason": ClosingReason.TERMS}),
    "die": (GiveInterestUp, {}),
    "archive": (ArchiveInterest, {}),
}
NARROW = ConsentAsked(
    interest_id=INTEREST,
    answering_ids=(SHAOXING,),
    partner_id=EXPRESSED.partner_id,
    person_id=SPOKEN.person_id,
    fields=(ContactField.NAME, ContactField.PHONE, ContactField.EMAIL),
)
AHEAD = st.integers(-40, 60)


class Walk(RuleBasedStateMachine):
    """The interest as the domain has it, and beside it what the table says of it."""

    def __init__(self) -> None:
        super().__init__()
        expressed = EXPRESSED.model_copy(update={"on": BEGUN})
        self.story: Story = network().and_given(INTEREST, expressed).and_given(CONSENT, NARROW)
        self.stage, self.latest, self.heard = "pending", BEGUN, BEGUN
        self.reached = {"pending": BEGUN}
        self.consent, self.agreed = "asked", BEGUN
        self.there: set[str] = set()

    def _give(self, command: Command, wanted: str | None, id: str) -> None:
        """The command is refused with this code, or it is done."""
        told: Told = self.story.when(command)
        if wanted is not None:
            told.then_refused(wanted)
            return
        assert told.refusal is None, told.refusal
        assert told.proposal is not None
        self.story = self.story.and_given(id, *(each.fact for each in told.proposal.facts))

    def _misdated(self, on: date) -> bool:
        return not self.latest <= on <= TODAY

    @rule(kind=st.sampled_from(sorted(KINDS)), ahead=AHEAD)
    def move(self, kind: str, ahead: int) -> None:
        on = self.latest + timedelta(days=ahead)
        command, more = KINDS[kind]
        wanted = None
        if kind == "exchange" and self.there != {GIVEN, RECEIVED}:
            wanted = "disclosure.unknown"
        elif kind not in TABLE[self.stage]:
            wanted = "interest.move"
        elif self._misdated(on):
            wanted = "interest.dates"
        elif kind == "die" and (on - self.heard).days < 90:
            wanted = "interest.not_silent"
        self._give(command(interest_id=INTEREST, on=on, **more), wanted, INTEREST)
        if wanted is None:
            self.stage, self.latest = TABLE[self.stage][kind], on
            self.reached[self.stage] = on
            self.heard = on if kind in CONTACT else self.heard

    @rule(way=st.sampled_from(MessageWay), ahead=AHEAD)
    def message(self, way: MessageWay, ahead: int) -> None:
        on = self.latest + timedelta(days=ahead)
        wanted = None
        if "close" not in TABLE[self.stage]:
            wanted = "interest.over"
        elif self._misdated(on):
            wanted = "interest.dates"
        command = RecordInterestMessage(interest_id=INTEREST, on=on, channel=Channel.EMAIL, way=way, words="x")
        self._give(command, wanted, INTEREST)
        if wanted is None:
            self.latest = self.heard = on

    @rule(says=st.sampled_from(["accepted", "declined", "withdrawn"]))
    def answer(self, says: str) -> None:
        if says == "withdrawn":
            command: Command = WithdrawConsent(consent_id=CONSENT)
            wanted = None if self.consent == "accepted" else "consent.not_accepted"
        else:
            wanted = None if self.consent == "asked" else "consent.answered"
            accept = AcceptConsent(consent_id=CONSENT, on=BEGUN, evidence="form")
            command = accept if says == "accepted" else DeclineConsent(consent_id=CONSENT, on=BEGUN)
        self._give(command, wanted, CONSENT)
        self.consent = self.consent if wanted else says

    @rule()
    def disclose(self) -> None:
        wanted = None
        if self.consent != "accepted":
            wanted = "disclosure.no_consent"
        elif self.stage not in DISCLOSING:
            wanted = "disclosure.not_reviewed"
        given = GiveContact(consent_id=CONSENT, contact=SPOKEN, on=TODAY, channel=Channel.EMAIL)
        self._disclose(given, wanted, GIVEN)

    @rule()
    def hear(self) -> None:
        wanted = None if self.stage in DISCLOSING else "disclosure.not_reviewed"
        came = ReceiveContact(interest_id=INTEREST, contact=THEIRS, on=TODAY, channel=Channel.EMAIL)
        self._disclose(came, wanted, RECEIVED)

    def _disclose(self, command: Command, wanted: str | None, id: str) -> None:
        if id in self.there:
            return
        self._give(command, wanted, id)
        if wanted is None:
            self.there.add(id)

    @invariant()
    def it_stands_where_the_table_says(self) -> None:
        found = self.story.state(INTEREST)
        assert found.stage == self.stage
        assert {str(stage): day for stage, day in found.reached.items()} == self.reached
        assert found.latest == self.latest
        assert (found.last_contact or BEGUN) == self.heard

    @invariant()
    def it_has_a_way_on_or_is_at_its_end(self) -> None:
        assert bool(TABLE[self.stage]) is (self.stage != "archived")

    @invariant()
    def contacts_are_exchanged_only_by_disclosures_both_ways(self) -> None:
        if "contacts_exchanged" in self.reached:
            assert self.there == {GIVEN, RECEIVED}


TestWalk = Walk.TestCase
TestWalk.settings = settings(max_examples=60, stateful_step_count=60, deadline=None)
