"""Expressions of interest (合作意向): a client on one side of the border is interested in a profile on the other."""

from __future__ import annotations

from domain.achievements import Achievement
from domain.appointments import Appointment
from domain.crossings import ensure_may_leave
from domain.disclosures import Disclosure, DisclosureDirection
from domain.interest_commands import (
    AllocateInterest,
    ArchiveInterest,
    CloseInterest,
    ConfirmNegotiations,
    ExchangeContacts,
    ExpressInterest,
    GiveInterestUp,
    MoveInterest,
    OnInterest,
    RecordInterestMessage,
    ReferInterest,
    RegisterInterestAchievement,
    ReviewInterest,
    SignInterestStatement,
    SignpostInterest,
)
from domain.interest_facts import (
    FACTS,
    InterestAchievementRegistered,
    InterestAllocated,
    InterestArchived,
    InterestClosed,
    InterestContactsExchanged,
    InterestDied,
    InterestDirection,
    InterestExpressed,
    InterestMessageRecorded,
    InterestNegotiationsConfirmed,
    InterestReferred,
    InterestReviewed,
    InterestSignposted,
    InterestStatementSigned,
)
from domain.interest_life import Interest, evolve
from domain.interest_reminders import dead_from
from domain.interest_sides import (
    direction_of,
    ensure_known,
    ensure_match,
    ensure_no_subject,
    ensure_open_profile,
    ensure_partner_abroad,
    ensure_subject,
)
from domain.interest_stages import LIVE, InterestStage, ensure_move
from domain.kernel.acting import STAFF, Acting
from domain.kernel.authority import entitle
from domain.kernel.deciding import Slice
from domain.kernel.refusals import ensure
from domain.matches import Match
from domain.needs import Need
from domain.partners import Partner
from domain.profiles import Profile
from domain.reference.closing_reasons import ensure_reason
from domain.reference.reminder_periods import reminder_periods
from domain.stations import Station


def express(
    interest: Interest | None,
    station: Station,
    profile: Profile,
    partner: Partner,
    own_profile: Profile | None,
    need: Need | None,
    achievement: Achievement | None,
    match: Match | None,
    command: ExpressInterest,
    acting: Acting,
) -> InterestExpressed:
    """An open station writes down who is interested in what, from adviser to adviser; nobody is named in it."""
    ensure(interest is None, "interest.exists", "the interest has been expressed already")
    ensure(station.opened_on is not None, "station.not_open", "takes a station that has opened")
    ensure_known(command, need, achievement, own_profile, match)
    ensure(command.on <= acting.day, "interest.dates", f"takes a day until {acting.day}")
    ensure_partner_abroad(partner)
    ensure_open_profile(profile, command.on)
    direction = direction_of(profile)
    if direction is InterestDirection.MADE:
        ensure_subject(need, achievement, own_profile, profile, command.on)
        ensure_may_leave(achievement)
    else:
        ensure_no_subject(need, achievement, own_profile)
    ensure_match(match, (command.need_id, command.achievement_id, command.profile_id))
    sides = (each.station_id for each in (profile, own_profile, need, achievement) if each is not None)
    ids = dict.fromkeys(id for id in (command.station_id, *sides) if id)
    return InterestExpressed(direction=direction, answering_ids=tuple(ids), **dict(command))


def signpost(interest: Interest, handler: Station, command: SignpostInterest, acting: Acting) -> InterestSignposted:
    """An open station is named that handles it; from then on that station sees it too."""
    ensure_step(interest, command, acting)
    ensure(handler.opened_on is not None, "station.not_open", "takes a station that has opened")
    return InterestSignposted(handler_id=command.handler_id, on=command.on)


def allocate(
    interest: Interest, appointment: Appointment | None, command: AllocateInterest, acting: Acting
) -> InterestAllocated:
    """The station that handles it gives it to one of its own people who does daily work there today."""
    entitle(acting, command, (interest.handler_id,))
    ensure_step(interest, command, acting)
    ensure(
        command.station_id == interest.handler_id,
        "interest.other_station",
        f"takes an adviser of {interest.handler_id}, which handles it",
    )
    ensure(
        appointment is not None and not appointment.roles_on(acting.day).isdisjoint(STAFF),
        "interest.not_adviser",
        f"takes somebody who is appointed to the daily work of {command.station_id} on {acting.day}",
    )
    return InterestAllocated(adviser_id=command.adviser_id, on=command.on)


def refer(
    interest: Interest,
    profile: Profile | None,
    own_profile: Profile | None,
    achievement: Achievement | None,
    command: ReferInterest,
    acting: Acting,
) -> InterestReferred:
    """It leaves for the client who is asked, by this channel on this day, if nothing that is secret goes with it."""
    ensure_step(interest, command, acting)
    ensure_may_leave(achievement)
    return InterestReferred(on=command.on, channel=command.channel, words=command.words)


def record_message(interest: Interest, command: RecordInterestMessage, acting: Acting) -> InterestMessageRecorded:
    """Word that went abroad or came from there is written down as long as something is to be done."""
    ensure(
        interest.stage in LIVE,
        "interest.over",
        f"takes an interest that has not ended; this one is {interest.stage}",
    )
    ensure_day(interest, command, acting)
    return InterestMessageRecorded(on=command.on, channel=command.channel, way=command.way, words=command.words)


def review(interest: Interest, command: ReviewInterest, acting: Acting) -> InterestReviewed:
    """The client who is asked wants to go on; a client who does not is a reason to close the interest."""
    ensure_step(interest, command, acting)
    return InterestReviewed(on=command.on, channel=command.channel, answer=command.answer)


def exchange_contacts(
    interest: Interest, given: Disclosure, received: Disclosure, command: ExchangeContacts, acting: Acting
) -> InterestContactsExchanged:
    """Contacts are exchanged by two disclosures of this interest: ours, under consent, and theirs, as it came."""
    ensure_step(interest, command, acting)
    ensure(
        given.interest_id == received.interest_id == command.interest_id,
        "interest.other_disclosure",
        "takes two disclosures that were made for this interest",
    )
    ensure(
        given.direction is DisclosureDirection.GIVEN and received.direction is DisclosureDirection.RECEIVED,
        "interest.one_way",
        "takes a contact that was given, and one that was received",
    )
    return InterestContactsExchanged(given_id=command.given_id, received_id=command.received_id, on=command.on)


def sign_statement(interest: Interest, command: SignInterestStatement, acting: Acting) -> InterestStatementSigned:
    """Those who know each other sign that they talk."""
    ensure_step(interest, command, acting)
    return InterestStatementSigned(on=command.on)


def confirm_negotiations(
    interest: Interest, command: ConfirmNegotiations, acting: Acting
) -> InterestNegotiationsConfirmed:
    """Those who have signed confirm that they negotiate."""
    ensure_step(interest, command, acting)
    return InterestNegotiationsConfirmed(on=command.on)


def register_achievement(
    interest: Interest, command: RegisterInterestAchievement, acting: Acting
) -> InterestAchievementRegistered:
    """What came of the negotiations has a number in the EEN's register, and is a partnership of a kind."""
    ensure_step(interest, command, acting)
    return InterestAchievementRegistered(on=command.on, number=command.number, partnership=command.partnership)


def close(interest: Interest, command: CloseInterest, acting: Acting) -> InterestClosed:
    """What comes to nothing is closed for a reason of the day's list; another one takes words."""
    ensure_step(interest, command, acting)
    ensure_reason(command.reason, command.words, command.on)
    return InterestClosed(on=command.on, reason=command.reason, words=command.words)


def give_up(interest: Interest, command: GiveInterestUp, acting: Acting) -> InterestDied:
    """Silence is an answer when it has lasted as long as the periods of the day say."""
    ensure_step(interest, command, acting)
    first = dead_from(interest.reached[InterestStage.PENDING], interest.last_contact, reminder_periods(command.on))
    ensure(command.on >= first, "interest.not_silent", f"takes a day from {first}, after a silence that is long enough")
    return InterestDied(on=command.on)


def archive(interest: Interest, command: ArchiveInterest, acting: Acting) -> InterestArchived:
    """What has ended is put away."""
    ensure_step(interest, command, acting)
    return InterestArchived(on=command.on)


def ensure_step(interest: Interest, command: MoveInterest, acting: Acting) -> None:
    """The stage may follow on the one that it is in, and the day on what is recorded."""
    ensure_move(interest.stage, command.TO)
    ensure_day(interest, command, acting)


def ensure_day(interest: Interest, command: OnInterest, acting: Acting) -> None:
    """The life of an interest is told in the order of its days."""
    ensure(
        interest.latest <= command.on <= acting.day,
        "interest.dates",
        f"takes a day from {interest.latest} until {acting.day}",
    )


SLICE = Slice(
    "interest",
    Interest,
    FACTS,
    evolve,
    (
        express,
        signpost,
        allocate,
        refer,
        record_message,
        review,
        exchange_contacts,
        sign_statement,
        confirm_negotiations,
        register_achievement,
        close,
        give_up,
        archive,
    ),
)
