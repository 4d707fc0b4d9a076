"""The nouns by the names of their lists, and where each field and filter between them should lead, by hand."""

from __future__ import annotations

from graphql import GraphQLObjectType, get_named_type
from small_model import Model

from gateway.schema import schema

LABELS = {
    "stations": "Station",
    "organisations": "Organisation",
    "partners": "Partner",
    "experts": "Expert",
    "brokers": "Broker",
    "needs": "Need",
    "achievements": "Achievement",
    "profiles": "Profile",
    "matches": "Match",
    "cooperations": "Cooperation",
    "deals": "Deal",
    "appointments": "Appointment",
}

BY_LINK: list[tuple[str, str, str, str]] = [
    ("stations", "parent", "ANSWERS_TO", "zhejiang"),
    ("organisations", "station", "SERVED_BY", "shaoxing"),
    ("partners", "worksWith", "ENGAGED_BY", "shaoxing"),
    ("partners", "worksWith", "ENGAGED_BY", "shenzhen"),
    ("experts", "team", "IN_TEAM_OF", "shenzhen"),
    ("brokers", "station", "SIGNED_BY", "shaoxing"),
    ("needs", "station", "NEED_RECORDED_BY", "shenzhen"),
    ("needs", "organisation", "NEEDED_BY", "factory"),
    ("achievements", "station", "ACHIEVEMENT_REGISTERED_BY", "guangdong"),
    ("achievements", "organisation", "ACHIEVED_BY", "university"),
    ("profiles", "contact", "CONTACT_POINT", "agency"),
    ("profiles", "importedBy", "PROFILE_IMPORTED_BY", "zhejiang"),
    ("matches", "need", "MATCH_FOR_NEED", "dyeing"),
    ("matches", "achievement", "MATCH_FOR_ACHIEVEMENT", "membrane"),
    ("matches", "profile", "MATCH_WITH_PROFILE", "to good"),
    ("matches", "expert", "MATCH_WITH_EXPERT", "expert known"),
    ("matches", "station", "MATCH_DECIDED_BY", "shenzhen"),
    ("cooperations", "askedBy", "ASKED_BY", "shaoxing"),
    ("cooperations", "askedOf", "ASKED_OF", "guangdong"),
    ("cooperations", "need", "COOPERATION_ABOUT_NEED", "dyeing"),
    ("cooperations", "achievement", "COOPERATION_ABOUT_ACHIEVEMENT", "membrane"),
    ("deals", "buyer", "BOUGHT_BY", "factory"),
    ("deals", "seller", "SOLD_BY", "university"),
    ("deals", "station", "BROKERED_BY", "zhejiang"),
    ("deals", "broker", "DEAL_BROKER", "broker signed"),
    ("deals", "match", "CAME_FROM", "match home"),
    ("appointments", "station", "APPOINTED_AT", "shaoxing"),
]
"""Filters by a link: the list, the filter, the link, and a record of the small network that it leads to."""

LINKS = {
    ("Station", "parent"): ">ANSWERS_TO",
    ("Station", "children"): "<ANSWERS_TO",
    ("Station", "host"): ">HOSTED_BY",
    ("Station", "needs"): "<NEED_RECORDED_BY",
    ("Station", "achievements"): "<ACHIEVEMENT_REGISTERED_BY",
    ("Station", "partners"): "<ENGAGED_BY",
    ("Station", "experts"): "<IN_TEAM_OF",
    ("Station", "brokers"): "<SIGNED_BY",
    ("Station", "deals"): "<BROKERED_BY",
    ("Station", "appointments"): "<APPOINTED_AT",
    ("Organisation", "station"): ">SERVED_BY",
    ("Organisation", "needs"): "<NEEDED_BY",
    ("Organisation", "achievements"): "<ACHIEVED_BY",
    ("Organisation", "bought"): "<BOUGHT_BY",
    ("Organisation", "sold"): "<SOLD_BY",
    ("Partner", "organisation"): ">IS_ORGANISATION",
    ("Partner", "station"): ">PARTNER_RECORDED_BY",
    ("Partner", "profiles"): "<CONTACT_POINT",
    ("Expert", "listedBy"): ">LISTED_BY",
    ("Expert", "teams"): ">IN_TEAM_OF",
    ("Expert", "employer"): ">EMPLOYED_BY",
    ("Broker", "station"): ">SIGNED_BY",
    ("Broker", "recordedBy"): ">BROKER_RECORDED_BY",
    ("Broker", "deals"): "<DEAL_BROKER",
    ("Need", "station"): ">NEED_RECORDED_BY",
    ("Need", "organisation"): ">NEEDED_BY",
    ("Need", "matches"): "<MATCH_FOR_NEED",
    ("Need", "cooperations"): "<COOPERATION_ABOUT_NEED",
    ("Achievement", "station"): ">ACHIEVEMENT_REGISTERED_BY",
    ("Achievement", "organisation"): ">ACHIEVED_BY",
    ("Achievement", "matches"): "<MATCH_FOR_ACHIEVEMENT",
    ("Achievement", "answers"): "<MATCH_WITH_ACHIEVEMENT",
    ("Achievement", "cooperations"): "<COOPERATION_ABOUT_ACHIEVEMENT",
    ("Profile", "contact"): ">CONTACT_POINT",
    ("Profile", "importedBy"): ">PROFILE_IMPORTED_BY",
    ("Profile", "station"): ">PROFILE_DRAFTED_BY",
    ("Profile", "need"): ">ASKS_FOR",
    ("Profile", "achievement"): ">OFFERS",
    ("Profile", "matches"): "<MATCH_WITH_PROFILE",
    ("Match", "need"): ">MATCH_FOR_NEED",
    ("Match", "achievement"): ">MATCH_FOR_ACHIEVEMENT",
    ("Match", "answeringAchievement"): ">MATCH_WITH_ACHIEVEMENT",
    ("Match", "profile"): ">MATCH_WITH_PROFILE",
    ("Match", "expert"): ">MATCH_WITH_EXPERT",
    ("Match", "proposedBy"): ">MATCH_PROPOSED_BY",
    ("Match", "decidedBy"): ">MATCH_DECIDED_BY",
    ("Match", "deals"): "<CAME_FROM",
    ("Cooperation", "askedBy"): ">ASKED_BY",
    ("Cooperation", "askedOf"): ">ASKED_OF",
    ("Cooperation", "need"): ">COOPERATION_ABOUT_NEED",
    ("Cooperation", "achievement"): ">COOPERATION_ABOUT_ACHIEVEMENT",
    ("Deal", "buyer"): ">BOUGHT_BY",
    ("Deal", "seller"): ">SOLD_BY",
    ("Deal", "stations"): ">BROKERED_BY",
    ("Deal", "broker"): ">DEAL_BROKER",
    ("Deal", "match"): ">CAME_FROM",
    ("Appointment", "station"): ">APPOINTED_AT",
}
"""Where each field should lead, written down by hand: the link, and whether it is followed forwards or backwards."""


def linked(model: Model, label: str, field: str, id: str) -> set[str]:
    direction, name = LINKS[label, field][0], LINKS[label, field][1:]
    (link,) = {type for type, _ in model.graph.links if type.name == name}
    return model.targets(link, id) if direction == ">" else model.sources(link, id)


def neighbour_fields() -> list[tuple[str, str, bool]]:
    """Every field of a noun that leads to other nouns: the noun, the field, and whether it gives pages."""
    found = []
    for label in LABELS.values():
        type = schema().type_map[label]
        assert isinstance(type, GraphQLObjectType)
        for name, field in type.fields.items():
            named = get_named_type(field.type).name
            if named in LABELS.values() or named.removesuffix("Connection") in LABELS.values():
                found.append((label, name, named.endswith("Connection")))
    return found
