"""POD v6, the XML of EEN's partner web service: `<pod>` with one `<profile>` after the other, read as a stream.

Names are matched without their namespace, for both kinds of export are in use. A document type declaration is refused,
and with it every entity. A file that is not whole gives nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from infra.imports.flaws import Flaw, shown
from infra.imports.pod_profile import Values, profile_in, wanted
from infra.imports.records import Record
from infra.imports.source import Source
from infra.imports.texts import PROSE

ROOT = "pod"
_DEEPEST = 64
_MOST_VALUES = 2_000
_WHOLE = "a whole POD v6 XML file"


def profiles(source: Source, encoding: str, notes: list[str]) -> Iterator[Record | Flaw]:
    """The profiles of a file, with a flaw in the place of each that cannot be read. What else it holds goes to `notes`.

    Flaws of the whole file, raised: `xml.doctype`, `xml.malformed`, `xml.piece_too_long`, `xml.too_deep`,
    `file.unknown_kind`, `file.cut_off`, `file.encoding`. They may come after profiles: a caller then drops these too.
    """
    handler = _Profiles()
    parser = DefusedExpatParser(forbid_dtd=True)
    parser.setContentHandler(handler)
    silent = 0
    for text in source.text(encoding):
        before = handler.events
        _feed(parser, text)
        silent = 0 if handler.events > before else silent + len(text)
        if silent > source.bounds.piece:
            accepted = f"pieces of mark-up of at most {source.bounds.piece:,} characters"
            raise Flaw("xml.piece_too_long", "it has a tag, a comment or blanks without end", accepted)
        yield from handler.drain()
    _close(parser)
    if handler.others:
        notes.append(f"elements that are no profiles and are not read: {handler.others}")


def _feed(parser: DefusedExpatParser, text: str) -> None:
    try:
        parser.feed(text)
    except DefusedXmlException as error:
        reason = "it has a document type declaration, which may make a parser read other files or grow without bounds"
        raise Flaw("xml.doctype", reason, "POD v6 XML without <!DOCTYPE>") from error
    except SAXParseException as error:
        raise Flaw("xml.malformed", f"it is no XML at {_place(error)}: {error.getMessage()}", _WHOLE) from error


def _close(parser: DefusedExpatParser) -> None:
    try:
        parser.close()
    except SAXParseException as error:
        reason = f"it ends at {_place(error)}, before its last element is closed"
        raise Flaw("file.cut_off", reason, _WHOLE) from error


def _place(error: SAXParseException) -> str:
    return f"line {error.getLineNumber()}, column {error.getColumnNumber()}"


class _Profiles(ContentHandler):
    """Gathers the values of one profile at a time. Texts are kept up to the longest that is taken, and a bit."""

    def __init__(self) -> None:
        super().__init__()
        self.events = 0
        self.others = 0
        self._path: list[str] = []
        self._leaf = 0
        self._text: list[str] = []
        self._length = 0
        self._values = Values()
        self._count = 0
        self._done: list[Record | Flaw] = []

    def drain(self) -> list[Record | Flaw]:
        """The profiles since the last time."""
        done, self._done = self._done, []
        return done

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - SAX calls it so
        self.events += 1
        local = name.rpartition(":")[2]
        self._path.append(local)
        depth = len(self._path)
        if depth > _DEEPEST:
            raise Flaw("xml.too_deep", f"its elements stand in each other more than {_DEEPEST} deep", _WHOLE)
        if depth == 1 and local != ROOT:
            raise Flaw("file.unknown_kind", f"it is XML, but its root is {shown(local)}", f"the root <{ROOT}>")
        if depth == 2:
            self._values = Values()
            is_profile = local == "profile"
            self._count += is_profile
            self.others += not is_profile
        elif depth > 2 and not self._leaf and self._path[1] == "profile" and wanted(self._path[2:]):
            self._leaf, self._text, self._length = depth, [], 0

    def characters(self, content: str) -> None:
        self.events += 1
        if self._leaf and self._length <= PROSE:
            self._text.append(content)
            self._length += len(content)

    def endElement(self, name: str) -> None:  # noqa: N802 - SAX calls it so
        self.events += 1
        if len(self._path) == self._leaf:
            if len(self._values) < _MOST_VALUES:
                self._values.add("/".join(self._path[2:]), "".join(self._text))
            self._leaf = 0
        elif len(self._path) == 2 and self._path[1] == "profile":
            self._done.append(_profile(self._values, f"/{ROOT}/profile[{self._count}]"))
        self._path.pop()


def _profile(values: Values, where: str) -> Record | Flaw:
    if len(values) >= _MOST_VALUES:
        return Flaw("profile.too_large", "it has too many values", f"fewer than {_MOST_VALUES:,} values", where)
    try:
        return profile_in(values, where)
    except Flaw as flaw:
        return flaw
