"""References to the nouns of the network: ids that say what they point to."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from domain.kernel.ids import Ref

PersonId: TypeAlias = Annotated[str, Ref("person")]
AppointmentId: TypeAlias = Annotated[str, Ref("appointment")]
StationId: TypeAlias = Annotated[str, Ref("station")]
OrganisationId: TypeAlias = Annotated[str, Ref("organisation")]
PartnerId: TypeAlias = Annotated[str, Ref("partner")]
ExpertId: TypeAlias = Annotated[str, Ref("expert")]
BrokerId: TypeAlias = Annotated[str, Ref("broker")]
NeedId: TypeAlias = Annotated[str, Ref("need")]
AchievementId: TypeAlias = Annotated[str, Ref("achievement")]
ProfileId: TypeAlias = Annotated[str, Ref("profile")]
CooperationId: TypeAlias = Annotated[str, Ref("cooperation")]
MatchId: TypeAlias = Annotated[str, Ref("match")]
DealId: TypeAlias = Annotated[str, Ref("deal")]
