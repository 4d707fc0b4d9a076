"""What kind of file it is, told by its first bytes and never by its name, and the encoding that it is written in."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from infra.imports.achievements import ACHIEVEMENT_COLUMNS
from infra.imports.flaws import Flaw
from infra.imports.needs import NEED_COLUMNS
from infra.imports.records import Kind
from infra.imports.tables import header_in

UNKNOWN_KIND = "file.unknown_kind"

KNOWN_KINDS = (
    "a POD v6 XML file (<pod>), the JSON of an EEN profile page (reference, page_url, text) or of EEN's partner web "
    "service (profileStatus, …), or a CSV file of needs (技术需求名称, …) or of achievements (成果名称, …)"
)

_DECLARED = re.compile(rb"""^<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "iso-8859-1": "iso-8859-1",
    "windows-1252": "windows-1252",
    "utf-16": "utf-16",
}
_FEW_COLUMNS = 2
_OF_B2B = re.compile(rb'"(?:profileStatus|profileType|pagingInfo|hasNext|lastModified)"\s*:')
"""Names of members; inside a text their quotation marks would have a backslash before them."""


@dataclass(frozen=True, slots=True)
class Sniffed:
    """The kind of a file, and its encoding as Python names it."""

    kind: Kind
    encoding: str


def sniff(head: bytes) -> Sniffed:
    """The kind of the file that begins with these bytes.

    Flaws: `file.empty`, `file.unknown_kind`, `file.encoding` (an encoding that is not read).
    """
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        raise Flaw("file.empty", "there is nothing in it", KNOWN_KINDS)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _in_utf16(head)
    start = head.removeprefix(codecs.BOM_UTF8).lstrip(b" \t\r\n")
    if start.startswith(b"<"):
        return Sniffed(Kind.POD_XML, _declared_encoding(head))
    if start.startswith((b"{", b"[")):
        return Sniffed(Kind.B2B_JSON if _OF_B2B.search(start) else Kind.PROFILE_PAGE, "utf-8")
    return _table(head)


def _in_utf16(head: bytes) -> Sniffed:
    text = head[: len(head) // 2 * 2].decode("utf-16", errors="replace").lstrip()
    if not text.startswith("<"):
        raise Flaw("file.encoding", "it is written in UTF-16", "a table or a page in UTF-8, or a table in GB18030")
    return Sniffed(Kind.POD_XML, "utf-16")


def _declared_encoding(head: bytes) -> str:
    declared = _DECLARED.match(head)
    if declared is None:
        return "utf-8"
    name = declared[1].decode("ascii").casefold()
    if name not in _ENCODINGS or name == "utf-16":
        raise Flaw("file.encoding", f"it declares the encoding {name}, which it is not read in", "UTF-8 or GB18030")
    return _ENCODINGS[name]


def _table(head: bytes) -> Sniffed:
    line = re.split(rb"[\r\n]", head.removeprefix(codecs.BOM_UTF8).lstrip(b"\r\n"), maxsplit=1)[0]
    for encoding in ("utf-8", "gb18030"):
        header = set(header_in(line.decode(encoding, errors="replace").split(",")))
        needs, achievements = len(header & NEED_COLUMNS.all), len(header & ACHIEVEMENT_COLUMNS.all)
        if max(needs, achievements) >= _FEW_COLUMNS and needs != achievements:
            return Sniffed(Kind.NEEDS_CSV if needs > achievements else Kind.ACHIEVEMENTS_CSV, encoding)
    raise Flaw(UNKNOWN_KIND, "its content is of no kind that is known here", KNOWN_KINDS)
