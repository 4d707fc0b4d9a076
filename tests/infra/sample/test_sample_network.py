"""The sample network as it is told: the numbers of the pilot's plan, and the same story for the same seed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import islice

import pytest

from domain.brokers import SignBroker
from domain.deals import OpenDeal, SignDeal
from domain.kernel.ids import prefix_of
from domain.matching.candidate import Candidate
from domain.matching.ranking import rank
from domain.matching.subject import Kind, Subject
from domain.needs import RecordNeed
from domain.organisations import OrganisationKind, RecordOrganisation
from domain.partners import PartnerKind, RecordPartner
from domain.profile_commands import ImportProfile, WithdrawProfile
from domain.reference.een import PARTNERSHIPS, ProfileType, parse_reference
from domain.reference.keywords import market_keywords, technology_keywords
from domain.stations import DesignateInternational, FoundStation, Tier
from infra.gloss import CedictGloss
from infra.sample.founding import found
from infra.sample.network import Members, rounds, tell
from infra.sample.organisations import enterprises
from infra.sample.pilot import Pilot
from infra.sample.steps import Script, Step
from infra.sample.topics import topics


@pytest.fixture(scope="module")
def whole() -> tuple[Members, list[Step]]:
    return tell(Pilot())


def of(steps: list[Step], kind: type) -> list[Step]:
    return [step for step in steps if isinstance(step.command, kind)]


def test_the_numbers_are_those_of_the_plan(whole: tuple[Members, list[Step]]) -> None:
    _, steps = whole
    made = Counter(step.makes for step in steps)
    assert made["need"] == 1000
    assert made["achievement"] == 300
    assert len(of(steps, ImportProfile)) == 500
    assert made["match"] == 200
    assert made["deal"] == 100
    assert made["cooperation"] == 80
    assert made["expert"] == 120
    assert made["broker"] == 40
    assert len(of(steps, SignBroker)) == 36
    assert 550 <= made["organisation"] <= 650


def test_there_are_ten_regional_stations_two_of_them_abroad_and_twenty_base_stations(
    whole: tuple[Members, list[Step]],
) -> None:
    _, steps = whole
    tiers = Counter(step.command.tier for step in steps if isinstance(step.command, FoundStation))
    assert tiers == {Tier.REGIONAL: 10, Tier.BASE: 20}
    assert len(of(steps, DesignateInternational)) == 2


def test_organisations_are_enterprises_mostly_and_seven_of_ten_are_verified(whole: tuple[Members, list[Step]]) -> None:
    commands = [step.command for step in whole[1] if isinstance(step.command, RecordOrganisation)]
    kinds = Counter(each.details.kind for each in commands)
    assert kinds[OrganisationKind.ENTERPRISE] > 0.7 * len(commands)
    assert {OrganisationKind.UNIVERSITY, OrganisationKind.INSTITUTE, OrganisationKind.ASSOCIATION} < set(kinds)
    home = [each for each in commands if each.details.region and each.details.industry and each.details.address]
    assert 0.62 < sum(each.credit_code is not None for each in home) / len(home) < 0.78
    codes = [each.credit_code for each in home if each.credit_code]
    assert len(set(codes)) == len(codes)
    names = [each.details.name.zh for each in home]
    assert len(set(names)) == len(names)


def test_about_two_thirds_of_the_profiles_are_open_and_all_types_occur(whole: tuple[Members, list[Step]]) -> None:
    _, steps = whole
    today = Pilot().today
    gone = {step.command.profile_id for step in steps if isinstance(step.command, WithdrawProfile)}
    profiles = [(step.entity_id, step.command) for step in steps if isinstance(step.command, ImportProfile)]
    open_ = [id for id, each in profiles if not each.details.expired(today) and each.details.takes_interest(today)]
    assert 0.62 < len(set(open_) - gone) / len(profiles) < 0.72
    types = Counter(each.details.type for _, each in profiles)
    assert set(types) == set(ProfileType)
    assert min(types.values()) > 30


def test_profiles_keep_the_rules_of_the_een(whole: tuple[Members, list[Step]]) -> None:
    profiles = [step.command for step in whole[1] if isinstance(step.command, ImportProfile)]
    assert len({str(parse_reference(each.reference)) for each in profiles}) == len(profiles)
    for each in profiles:
        details = each.details
        assert all(technology_keywords().selectable(code) for code in details.technology_keywords)
        assert all(market_keywords().selectable(code) for code in details.market_keywords)
        assert details.technology_keywords
        assert set(details.partnerships) <= PARTNERSHIPS[details.type]
        assert details.partnerships
        assert (details.call is not None) is (details.type is ProfileType.RDR)
        if details.call:
            assert details.eoi_deadline
            assert details.call.deadline
            assert details.eoi_deadline < details.call.deadline


def test_partners_are_contact_points_of_the_een_and_others(whole: tuple[Members, list[Step]]) -> None:
    partners = [step.command for step in whole[1] if isinstance(step.command, RecordPartner)]
    points = [each for each in partners if each.details.kind is PartnerKind.EEN_CONTACT_POINT]
    assert len(points) == 26
    assert len(partners) > len(points) + 20
    assert all(each.since and each.purposes for each in partners)


def test_most_deals_are_signed_over_an_amount_and_some_cross_a_border(whole: tuple[Members, list[Step]]) -> None:
    _, steps = whole
    signed = [step.command for step in steps if isinstance(step.command, SignDeal)]
    opened = [step.command for step in steps if isinstance(step.command, OpenDeal)]
    assert len(signed) > 65
    assert all(each.technology_amount and each.technology_amount.amount <= each.amount.amount for each in signed)
    assert len({each.amount.currency for each in signed}) == 2
    assert sum(each.match_id is not None for each in opened) > 60
    assert sum(each.broker_id is not None for each in opened) > 60
    assert all(len(each.station_ids) == len(set(each.station_ids)) for each in opened)


def test_the_same_seed_tells_the_same_story_and_another_one_another(small_pilot: Pilot) -> None:
    assert tell(small_pilot)[1] == tell(small_pilot)[1]
    assert tell(small_pilot)[1] != tell(replace(small_pilot, seed=12))[1]


def test_every_step_has_a_request_and_everything_made_an_id_of_its_own(whole: tuple[Members, list[Step]]) -> None:
    _, steps = whole
    requests = [(step.actor.person_id, step.request_id) for step in steps]
    assert len(set(requests)) == len(requests)
    ids = [step.entity_id for step in steps if step.makes and step.makes != "appointment"]
    assert len(set(ids)) == len(ids)
    assert all(prefix_of(step.entity_id) == step.makes for step in steps if step.makes)


def test_the_last_step_is_the_one_that_says_that_the_network_is_whole(whole: tuple[Members, list[Step]]) -> None:
    _, steps = whole
    assert [step.at for step in steps] == sorted(step.at for step in steps)
    assert steps[0].request_id == f"{Pilot().name}/install"
    assert steps[-1].request_id == f"{Pilot().name}/finished"
    assert sum(step.request_id.endswith("/finished") for step in steps) == 1


def test_rounds_follow_each_other_with_references_of_their_own(small_pilot: Pilot) -> None:
    members, steps = tell(small_pilot)
    first, second = islice(rounds(small_pilot, members), 2)
    times = [step.at for part in (steps[-1:], first, second) for step in part]
    assert times == sorted(times)
    references = [
        step.command.reference
        for part in (steps, first, second)
        for step in of(part, ImportProfile)
        if isinstance(step.command, ImportProfile)
    ]
    assert len(set(references)) == len(references)
    made = {step.entity_id for step in first if step.makes}
    assert not made & {step.entity_id for step in (*steps, *second) if step.makes}


def test_brokers_are_certified_and_most_of_them_signed_some_suspended_resumed_or_released(
    whole: tuple[Members, list[Step]],
) -> None:
    done = Counter(type(step.command).__name__ for step in whole[1] if "/broker/" in step.request_id)
    assert done == {"CertifyBroker": 40, "SignBroker": 36, "SuspendBroker": 2, "ResumeBroker": 1, "ReleaseBroker": 2}


def test_names_do_not_run_out_and_nobody_has_one_twice(small_pilot: Pilot) -> None:
    script = Script(small_pilot.name, small_pilot.days)
    posts = found(script, replace(small_pilot, stations=1))
    bodies = enterprises(script, posts, topics()[:1], 300)
    assert len({body.name for body in bodies}) == 300


def test_nearly_every_need_finds_an_offer_of_its_own_topic_among_the_first_three(
    whole: tuple[Members, list[Step]],
) -> None:
    about = {topic.keywords: topic for topic in topics()}
    offers = [
        Candidate(
            step.entity_id,
            each.details.type,
            each.details.title.en or "",
            f"{each.details.summary}\n{each.details.description}",
            each.details.technology_keywords,
            each.details.market_keywords,
            each.details.country,
        )
        for step in whole[1]
        if isinstance(each := step.command, ImportProfile) and each.details.type is ProfileType.TO
    ]
    codes = {each.id: each.technology_keywords for each in offers}
    gloss = CedictGloss()
    found = []
    for step in of(whole[1], RecordNeed)[::20]:
        assert isinstance(step.command, RecordNeed)
        details = step.command.details
        told = details.title.zh or "", details.description.zh if details.description else None
        subject = Subject(
            step.entity_id, Kind.NEED, told[:1], (told[1] or "",), keywords=details.keywords, fields=details.fields
        )
        first = [codes[each.id] for each in rank(subject, offers, gloss)[:3]]
        own = about[details.keywords].technology
        if own in codes.values():
            found.append(own in first)
    assert sum(found) / len(found) > 0.85
