"""Lines over time as an SVG picture: a panel for each quantity, one below the other, each from zero upwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

WIDTH, PANEL, LEFT, RIGHT, TOP, GAP = 760, 120, 70, 20, 50, 44
COLOURS = ("#1b6ca8", "#c8553d")
POINTS = 300
"""Points of a line at most: each is the largest of the samples that it stands for."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One quantity: its title with the unit, and its lines by what they are of."""

    title: str
    lines: Mapping[str, Sequence[float]]


def picture(title: str, minutes: float, panels: Sequence[Panel]) -> str:
    """The text of an SVG file; all lines run over the same time, and are of two things at most."""
    height = TOP + len(panels) * (PANEL + GAP)
    root = Element("svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {height}", role="img")
    SubElement(root, "title").text = title
    SubElement(root, "rect", width=str(WIDTH), height=str(height), fill="white")
    everything = SubElement(root, "g", {"font-family": "sans-serif", "font-size": "12"})
    _text(everything, LEFT, 20, title, weight="bold")
    names = dict.fromkeys(name for panel in panels for name in panel.lines)
    colours = dict(zip(names, COLOURS, strict=False))
    for number, (name, colour) in enumerate(colours.items()):
        _text(everything, LEFT + 200 * number, 40, f"— {name}", colour=colour)
    for number, panel in enumerate(panels):
        _panel(everything, panel, TOP + number * (PANEL + GAP) + 20, minutes, colours)
    indent(root)
    return tostring(root, encoding="unicode") + "\n"


def _panel(parent: Element, panel: Panel, top: int, minutes: float, colours: Mapping[str, str]) -> None:
    bottom, right = top + PANEL, WIDTH - RIGHT
    ceiling = max((max(line) for line in panel.lines.values()), default=0) * 1.1 or 1.0
    _text(parent, LEFT, top - 6, panel.title)
    SubElement(parent, "path", d=f"M{LEFT} {top}V{bottom}H{right}", fill="none", stroke="#888888")
    _text(parent, LEFT - 6, bottom, "0", anchor="end")
    _text(parent, LEFT - 6, top + 10, f"{ceiling:.3g}", anchor="end")
    _text(parent, right, bottom + 14, f"{minutes:.3g} min", anchor="end")
    for name, line in panel.lines.items():
        thinned = _thinned(line)
        step = (right - LEFT) / max(1, len(thinned) - 1)
        points = (f"{LEFT + at * step:.1f},{bottom - PANEL * value / ceiling:.1f}" for at, value in enumerate(thinned))
        SubElement(parent, "polyline", {"points": " ".join(points), "fill": "none", "stroke": colours[name]})


def _thinned(line: Sequence[float]) -> list[float]:
    each = -(-len(line) // POINTS) or 1
    return [max(line[start : start + each]) for start in range(0, len(line), each)]


def _text(
    parent: Element, x: int, y: int, text: str, *, anchor: str = "start", weight: str = "normal", colour: str = "black"
) -> None:
    about = {"x": str(x), "y": str(y), "text-anchor": anchor, "font-weight": weight, "fill": colour}
    SubElement(parent, "text", about).text = text
