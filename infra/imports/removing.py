"""What a complete listing of EEN holds no longer is removed here too, each profile by an event of its own."""

from __future__ import annotations

from domain.kernel.ids import prefix_of
from domain.profile_standing import RemoveProfile
from domain.profiles import Profile, ProfileImported, ProfileStage
from infra.imports.pod_profile import SYSTEM
from infra.imports.recording import Recording
from infra.imports.report import Removed, Report


def remove_absent(recording: Recording, report: Report) -> None:
    """Remove the profiles from EEN that are offered here and stand in none of the files, which together are complete.

    Nothing is removed when something in the files could not be read or taken, for that may be what is missing; nor when
    they hold no profile that is known here.
    """
    present = {line.entity_id for file in report.files for line in file.lines if prefix_of(line.entity_id) == "profile"}
    if report.counts()["quarantined"]:
        report.not_removed = "something was quarantined, and may be what seems to be gone"
    elif not present:
        report.not_removed = "the files hold no profile that is known here"
    else:
        for id, imported in list(recording.book.facts_of(ProfileImported)):
            if imported.source.system == SYSTEM and id not in present and _is_offered(recording, id):
                recording.give(RemoveProfile(profile_id=id, on=recording.today))
                report.removed.append(Removed(imported.reference, id))


def _is_offered(recording: Recording, id: str) -> bool:
    entity = recording.book.find(id)
    return entity is not None and isinstance(entity.state, Profile) and entity.state.stage is ProfileStage.PUBLISHED
