"""Partners: recorded once, engaged by any station for itself."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st
from scenario import Story, id_of
from two_stations import HANGZHOU, NOBODY, SHAOXING, UNIVERSITY, UNOPENED, at, lived, two_stations

from domain.kernel.acting import Role
from domain.kernel.commands import Command
from domain.kernel.facts import Fact
from domain.kernel.ids import derived_id
from domain.partners import (
    AmendPartner,
    DisengagePartner,
    Engagement,
    EngagePartner,
    Partner,
    PartnerAmended,
    PartnerDetails,
    PartnerDisengaged,
    PartnerEngaged,
    PartnerKind,
    PartnerRecorded,
    Purpose,
    RecordPartner,
    een_source,
)
from domain.values import Bilingual, Contact, Source

PARTNER = id_of("partner")
DETAILS = PartnerDetails(name=Bilingual(en="Innovation Agency East"), kind=PartnerKind.EEN_CONTACT_POINT, country="NL")
NUMBERED = DETAILS.model_copy(update={"een_partner_id": "NL00000"})
RECORDED = PartnerRecorded(station_id=SHAOXING, details=DETAILS)
CONTACT = Contact(person_id=id_of("person"), name="J. Jansen", phone="+31 20 000 0000")
MARCH, JUNE, JULY = date(2026, 3, 1), date(2026, 6, 30), date(2026, 7, 1)
ENGAGED = PartnerEngaged(station_id=HANGZHOU, since=MARCH, purposes=(Purpose.MATCHING, Purpose.PILOT))
DISENGAGED = PartnerDisengaged(station_id=HANGZHOU, since=MARCH, until=JUNE, purposes=ENGAGED.purposes)
ENGAGE = EngagePartner(partner_id=PARTNER, station_id=HANGZHOU, since=MARCH, purposes=ENGAGED.purposes)
DISENGAGE = DisengagePartner(partner_id=PARTNER, station_id=HANGZHOU, until=JUNE)


def partner(*facts: Fact) -> Story:
    return two_stations().and_given(PARTNER, RECORDED, *facts)


def record(details: PartnerDetails = DETAILS, **more: object) -> RecordPartner:
    return RecordPartner.model_validate({"station_id": SHAOXING, "details": details, **more})


def test_an_open_station_records_a_partner_it_has_found() -> None:
    told = two_stations().when(record(contact=CONTACT))
    told.then(PartnerRecorded(station_id=SHAOXING, details=DETAILS, contact=CONTACT))
    told.then_reads(SHAOXING)


def test_recording_with_a_day_engages_the_partner_in_the_same_commit() -> None:
    told = two_stations().when(record(since=MARCH, purposes=(Purpose.TRAINING,)))
    told.then(RECORDED, PartnerEngaged(station_id=SHAOXING, since=MARCH, purposes=(Purpose.TRAINING,)))


def test_purposes_take_the_day_since_which_the_two_work() -> None:
    two_stations().when(record(purposes=(Purpose.TRAINING,))).then_refused("partner.since_missing")


def test_a_station_that_has_not_opened_neither_records_nor_engages() -> None:
    at(UNOPENED, two_stations()).when(record(station_id=UNOPENED)).then_refused("station.not_open")
    engage = ENGAGE.model_copy(update={"station_id": UNOPENED})
    at(UNOPENED, partner()).when(engage).then_refused("station.not_open")


def test_a_station_records_only_for_itself() -> None:
    at(HANGZHOU, two_stations()).when(record()).then_refused("authority.station")


def test_a_contact_point_of_the_een_is_recorded_once_under_its_number_whoever_records_it() -> None:
    first = two_stations().when(record(NUMBERED)).then(RECORDED.model_copy(update={"details": NUMBERED}))
    assert first.entity_id == derived_id("partner", "een", "NL00000")
    again = at(HANGZHOU, two_stations().and_given(first.entity_id, RECORDED))
    again.when(record(NUMBERED, station_id=HANGZHOU)).then_refused("partner.exists")


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        (Bilingual(en="Innovation  Agency EAST", zh="东部"), "NL innovation agency east"),
        (Bilingual(zh="东部创新局"), "NL 东部创新局"),
        (Bilingual(en="a" * 3_000), "NL " + "a" * 1_197),
    ],
)
def test_a_contact_point_without_a_number_goes_by_country_and_name(name: Bilingual, reference: str) -> None:
    source = Source(system="een", reference=reference)
    details = DETAILS.model_copy(update={"name": name})
    assert een_source(details) == source
    assert record(details).derives_from() == ("een", reference)


def test_another_partner_goes_by_its_source_or_else_by_the_request() -> None:
    details = DETAILS.model_copy(update={"kind": PartnerKind.UNIVERSITY})
    assert een_source(details) is None
    assert record(details).derives_from() == ()
    assert record(NUMBERED, source=Source(system="crm", reference="7")).derives_from() == ("crm", "7")


def test_a_university_with_a_number_of_the_een_goes_by_that_number() -> None:
    details = NUMBERED.model_copy(update={"kind": PartnerKind.UNIVERSITY})
    assert record(details).derives_from() == ("een", "NL00000")


@pytest.mark.parametrize(
    "number", ["NL0000", "NL000000", "nl00000", "N100000", "NL00000 1", "NL\u0660\u0660\u0660\u0660\u0660"]
)
def test_a_number_of_the_een_has_two_letters_and_five_digits(number: str) -> None:
    details = DETAILS.model_copy(update={"een_partner_id": number})
    two_stations().when(record(details)).then_refused("partner.een_id")
    partner().when(AmendPartner(partner_id=PARTNER, details=details)).then_refused("partner.een_id")


def test_a_partner_is_in_a_country_that_exists() -> None:
    two_stations().when(record(DETAILS.model_copy(update={"country": "ZZ"}))).then_refused("country.unknown")


def test_the_organisation_that_a_partner_is_has_been_recorded() -> None:
    known = DETAILS.model_copy(update={"organisation_id": UNIVERSITY})
    told = two_stations().when(record(known))
    told.then(RECORDED.model_copy(update={"details": known}))
    told.then_reads(UNIVERSITY)
    unknown = DETAILS.model_copy(update={"organisation_id": NOBODY})
    two_stations().when(record(unknown)).then_refused("organisation.unknown")
    partner().when(AmendPartner(partner_id=PARTNER, details=unknown)).then_refused("organisation.unknown")


def test_an_amendment_replaces_the_details_and_keeps_the_contact_unless_one_is_given() -> None:
    partner().when(AmendPartner(partner_id=PARTNER, details=NUMBERED)).then(PartnerAmended(details=NUMBERED))
    told = partner().when(AmendPartner(partner_id=PARTNER, details=DETAILS, contact=CONTACT))
    told.then(PartnerAmended(details=DETAILS, contact=CONTACT))
    state: Partner = partner(PartnerAmended(details=DETAILS, contact=CONTACT), PartnerAmended(details=NUMBERED)).state(
        PARTNER
    )
    assert (state.details, state.contact) == (NUMBERED, CONTACT)


def test_an_amendment_that_changes_nothing_records_nothing() -> None:
    partner().when(AmendPartner(partner_id=PARTNER, details=DETAILS)).then_nothing()


def test_those_who_recorded_a_partner_or_work_with_it_amend_it_and_no_others() -> None:
    amend = AmendPartner(partner_id=PARTNER, details=NUMBERED)
    at(HANGZHOU, partner()).when(amend).then_refused("authority.station")
    at(HANGZHOU, partner(ENGAGED)).when(amend).then(PartnerAmended(details=NUMBERED))
    at(HANGZHOU, partner(ENGAGED, DISENGAGED)).when(amend).then_refused("authority.station")
    partner().acting(Role.AUDITOR).when(amend).then_refused("authority.role")


def test_any_open_station_engages_a_partner_for_itself_and_only_for_itself() -> None:
    told = at(HANGZHOU, partner()).when(ENGAGE)
    told.then(ENGAGED)
    told.then_reads(HANGZHOU)
    partner().when(ENGAGE).then_refused("authority.station")
    partner().acting(Role.ADMINISTRATOR).when(ENGAGE).then(ENGAGED)


def test_engaging_again_alike_records_nothing_and_otherwise_corrects_what_was_said() -> None:
    story = at(HANGZHOU, partner(ENGAGED))
    story.when(ENGAGE).then_nothing()
    story.when(ENGAGE.model_copy(update={"purposes": ()})).then(ENGAGED.model_copy(update={"purposes": ()}))


def test_a_new_engagement_begins_after_the_former_one_is_over() -> None:
    story = at(HANGZHOU, partner(ENGAGED, DISENGAGED))
    story.when(ENGAGE.model_copy(update={"since": JUNE})).then_refused("partner.overlap")
    later = ENGAGED.model_copy(update={"since": JULY})
    story.when(ENGAGE.model_copy(update={"since": JULY})).then(later)
    state: Partner = story.and_given(PARTNER, later).state(PARTNER)
    assert state.engagement(HANGZHOU) == Engagement(JULY, ENGAGED.purposes)


def test_a_station_ends_its_own_engagement_and_no_other() -> None:
    told = at(HANGZHOU, partner(ENGAGED)).when(DISENGAGE)
    told.then(DISENGAGED)
    partner(ENGAGED).when(DISENGAGE).then_refused("authority.station")
    at(HANGZHOU, partner()).when(DISENGAGE).then_refused("partner.not_engaged")
    at(HANGZHOU, partner(ENGAGED, DISENGAGED)).when(DISENGAGE).then_refused("partner.not_engaged")


def test_an_engagement_does_not_end_before_it_began() -> None:
    early = DISENGAGE.model_copy(update={"until": date(2026, 2, 28)})
    at(HANGZHOU, partner(ENGAGED)).when(early).then_refused("partner.dates")
    one_day = DISENGAGE.model_copy(update={"until": MARCH})
    at(HANGZHOU, partner(ENGAGED)).when(one_day).then(DISENGAGED.model_copy(update={"until": MARCH}))


MOVES = st.tuples(
    st.sampled_from([SHAOXING, HANGZHOU]),
    st.one_of(
        st.builds(
            EngagePartner,
            partner_id=st.just(PARTNER),
            station_id=st.sampled_from([SHAOXING, HANGZHOU]),
            since=st.sampled_from([MARCH, JUNE, JULY]),
            purposes=st.sampled_from([(), (Purpose.LEGAL,)]),
        ),
        st.builds(
            DisengagePartner,
            partner_id=st.just(PARTNER),
            station_id=st.sampled_from([SHAOXING, HANGZHOU]),
            until=st.sampled_from([MARCH, JUNE, JULY]),
        ),
    ),
)


@given_any(st.lists(MOVES, max_size=12))
def test_whatever_is_asked_a_station_changes_nothing_of_another_ones_engagement(
    moves: list[tuple[str, Command]],
) -> None:
    for station, before, _, after in lived(partner(), PARTNER, moves):
        for other in {SHAOXING, HANGZHOU} - {station}:
            assert after.engagements.get(other) == before.engagements.get(other)
        for engagement in after.engagements.values():
            assert engagement.until is None or engagement.since <= engagement.until
