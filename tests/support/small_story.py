"""Good input for every mutation, in an order in which each is accepted; `@n` stands for the id of what is named n."""

from __future__ import annotations

from typing import Any

from infra.identity.directory import person_id

NAMED = {"zh": "新的", "en": "New"}
DETAILS = {"title": {"zh": "新需求"}, "budget": {"amount": "120000.50", "currency": "EUR"}, "fields": ["MARINE"]}
RESULT = {"title": {"en": "New result"}, "secrecy": "OPEN", "maturity": "PILOT"}
CONTACT = {"personId": person_id("someone"), "name": "某人", "phone": "1", "email": "a@b.example"}
PROFILE = {
    "type": "TR",
    "title": {"en": "A request"},
    "country": "CN",
    "partnerships": ["RESEARCH_COOPERATION"],
    "expires": "2027-01-01",
}
DEAL = {"contractClass": "SERVICE", "title": {"zh": "新交易"}, "amount": {"amount": 5}}
Input = dict[str, Any]

STORY: list[tuple[str, str, Input]] = [
    ("foundStation", "s", {"tier": "BASE", "name": NAMED, "region": "330600", "parentId": "@zhejiang"}),
    ("hostStation", "s", {"stationId": "@s", "hostId": "@university"}),
    ("openStation", "s", {"stationId": "@s", "on": "2026-08-01"}),
    ("designateInternational", "guangdong", {"stationId": "@guangdong", "on": "2026-08-01"}),
    ("recordOrganisation", "o", {"stationId": "@s", "details": {"name": NAMED, "kind": "ENTERPRISE"}}),
    ("amendOrganisation", "o", {"organisationId": "@o", "details": {"name": NAMED, "kind": "OTHER", "industry": "C"}}),
    ("verifyOrganisation", "o", {"organisationId": "@o", "creditCode": "913100007109328220"}),
    (
        "appoint",
        "a",
        {"personId": "@person", "stationId": "@s", "role": "ADVISER", "since": "2026-01-01", "name": "新"},
    ),
    ("endAppointment", "a", {"appointmentId": "@a", "role": "ADVISER", "until": "2026-09-01"}),
    ("recordNeed", "n", {"stationId": "@s", "organisationId": "@o", "details": DETAILS, "contact": CONTACT}),
    ("amendNeed", "n", {"needId": "@n", "details": {**DETAILS, "countries": ["NL"]}}),
    ("returnNeed", "n", {"needId": "@n", "reasons": ["不清楚"]}),
    ("checkNeed", "n", {"needId": "@n"}),
    ("publishNeed", "n", {"needId": "@n"}),
    ("registerAchievement", "r", {"stationId": "@s", "organisationId": "@o", "details": RESULT}),
    ("amendAchievement", "r", {"achievementId": "@r", "details": {**RESULT, "ipForms": ["OTHER"]}}),
    ("screenAchievement", "r", {"achievementId": "@r", "result": "ACCEPT"}),
    ("publishAchievement", "r", {"achievementId": "@r"}),
    ("recordPartner", "p", {"stationId": "@s", "details": {"name": NAMED, "kind": "INSTITUTE"}, "contact": CONTACT}),
    ("amendPartner", "p", {"partnerId": "@p", "details": {"name": NAMED, "kind": "OTHER", "country": "NL"}}),
    ("engagePartner", "p", {"partnerId": "@p", "stationId": "@s", "since": "2026-01-01", "purposes": ["PILOT"]}),
    ("disengagePartner", "p", {"partnerId": "@p", "stationId": "@s", "until": "2026-02-01"}),
    (
        "importProfile",
        "f",
        {
            "stationId": "@s",
            "reference": "TOFR20260601001",
            "details": {"type": "TO", "title": {"en": "An offer"}, "sdgs": [1], "country": "FR", "call": {"weeks": 3}},
            "source": {"system": "een", "reference": "TOFR20260601001"},
        },
    ),
    ("draftProfile", "d", {"stationId": "@s", "needId": "@n", "details": PROFILE}),
    ("amendProfile", "d", {"profileId": "@d", "details": {**PROFILE, "summary": "More"}}),
    ("publishProfile", "d", {"profileId": "@d", "on": "2026-08-02"}),
    (
        "listExpert",
        "x",
        {"stationId": "@s", "personId": "@person", "name": "专", "details": {"namePublic": True, "languages": ["zh"]}},
    ),
    ("amendExpert", "x", {"expertId": "@x", "details": {"namePublic": False}, "phone": "2"}),
    ("joinTeam", "x", {"expertId": "@x", "stationId": "@s"}),
    ("leaveTeam", "x", {"expertId": "@x", "stationId": "@s"}),
    (
        "certifyBroker",
        "b",
        {
            "stationId": "@s",
            "personId": "@person",
            "name": "经",
            "certificate": "1",
            "issuer": "厅",
            "on": "2025-01-01",
        },
    ),
    ("amendBroker", "b", {"brokerId": "@b", "issuer": "局", "on": "2025-01-01"}),
    ("signBroker", "b", {"brokerId": "@b", "stationId": "@s", "since": "2026-01-01"}),
    ("suspendBroker", "b", {"brokerId": "@b", "reason": "停"}),
    ("resumeBroker", "b", {"brokerId": "@b"}),
    ("proposeMatch", "m", {"stationId": "@s", "needId": "@n", "achievementId": "@r", "score": 0.25}),
    ("acceptMatch", "m", {"matchId": "@m"}),
    ("proposeMatch", "m2", {"stationId": "@s", "needId": "@n", "profileId": "@f"}),
    ("refuseMatch", "m2", {"matchId": "@m2", "reason": "WRONG_FIELD"}),
    ("askCooperation", "c", {"stationId": "@s", "askedId": "@shaoxing", "purpose": "合作", "needId": "@n"}),
    ("acceptCooperation", "c", {"cooperationId": "@c"}),
    ("closeCooperation", "c", {"cooperationId": "@c", "outcome": "PARTLY"}),
    ("askCooperation", "c2", {"stationId": "@s", "askedId": "@shaoxing", "purpose": "合作"}),
    ("declineCooperation", "c2", {"cooperationId": "@c2", "reason": "没空"}),
    (
        "openDeal",
        "t",
        {
            "buyerId": "@o",
            "sellerId": "@university",
            "stationIds": ["@s"],
            "details": DEAL,
            "brokerId": "@b",
            "matchId": "@m",
        },
    ),
    ("amendDeal", "t", {"dealId": "@t", "details": {**DEAL, "contractClass": "LICENCE"}}),
    ("signDeal", "t", {"dealId": "@t", "on": "2026-08-03", "amount": {"amount": "77.10", "currency": "USD"}}),
    ("completeDeal", "t", {"dealId": "@t", "on": "2026-08-04"}),
    ("openDeal", "t2", {"buyerId": "@o", "sellerId": "@factory", "stationIds": ["@s"], "details": DEAL}),
    ("abandonDeal", "t2", {"dealId": "@t2", "reason": "算了"}),
    ("releaseBroker", "b", {"brokerId": "@b", "until": "2026-08-01", "reason": "走"}),
    ("delistExpert", "x", {"expertId": "@x", "reason": "走"}),
    ("removeProfile", "f", {"profileId": "@f", "on": "2026-08-08"}),
    (
        "reportProfile",
        "f",
        {
            "profileId": "@f",
            "on": "2026-08-09",
            "status": "PUBLISHED",
            "modified": "2026-08-08T10:00:00+02:00",
            "sourceId": "900001",
        },
    ),
    ("withdrawProfile", "f", {"profileId": "@f", "reason": "过期", "on": "2026-08-09"}),
    ("transferAchievement", "r", {"achievementId": "@r"}),
    ("registerAchievement", "r2", {"stationId": "@s", "organisationId": "@o", "details": RESULT}),
    ("withdrawAchievement", "r2", {"achievementId": "@r2", "reason": "不要了"}),
    ("solveNeed", "n", {"needId": "@n"}),
    ("recordNeed", "n2", {"stationId": "@s", "organisationId": "@o", "details": DETAILS}),
    ("withdrawNeed", "n2", {"needId": "@n2", "reason": "不要了"}),
]
"""The mutation, the name of the record that it is about, and its input without the request id."""
