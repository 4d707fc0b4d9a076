"""What of a profile each format has no place for, so that whoever exports knows what does not arrive."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from infra.imports.records import Kind

LOST: Mapping[Kind, Mapping[str, str]] = MappingProxyType(
    {
        Kind.POD_XML: MappingProxyType(
            {
                "title.zh": "one title only: the English one, else the Chinese one",
                "partner_kinds": "no element",
                "sdgs": "no element: POD is older than the goals",
                "published": "no element: `datum` has the submission, the last change and the expiry",
                "eoi_deadline": "no element: `datum/deadline` is the expiry",
                "url": "no element",
                "call.title": "no element",
            }
        ),
        Kind.B2B_JSON: MappingProxyType(
            {
                "title.zh": "one title only: the English one, else the Chinese one",
                "partner_sought": "no member: EEN asks for the role of the partner instead",
                "stage_note": "no member",
                "updated": "`lastModified` is the moment of the last change here",
            }
        ),
    }
)
"""By format, the fields of a profile (`domain.profile_details`) that are not written, and why."""
