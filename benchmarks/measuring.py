"""What the benchmarks share: options, the table, and the file of results."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table


@dataclass(slots=True)
class Results:
    """Rows of figures, the bars that some of them are held to, and the samples behind them where they are kept."""

    title: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    bars: list[dict[str, Any]] = field(default_factory=list)
    samples: list[dict[str, Any]] = field(default_factory=list)

    def row(self, **figures: Any) -> None:
        self.rows.append(figures)

    def bar(self, name: str, value: float, bar: float, *, at_most: bool = False) -> None:
        """A figure that should reach a bar, or stay below it."""
        ok = value <= bar if at_most else value >= bar
        self.bars.append({"name": name, "value": round(value, 4), "bar": bar, "ok": ok})

    def print(self) -> None:
        console = Console(highlight=False)
        table = Table(*self.rows[0], title=self.title, title_justify="left", box=None, pad_edge=False)
        for row in self.rows:
            table.add_row(*(f"{value:,.4g}" if isinstance(value, float) else str(value) for value in row.values()))
        console.print(table)
        for bar in self.bars:
            console.print(f"{'ok ' if bar['ok'] else 'NOT'} {bar['name']}: {bar['value']:g} (bar {bar['bar']:g})")

    def write(self, path: Path) -> None:
        written = {"bars": self.bars, "rows": self.rows, "machine": machine()}
        if self.samples:
            written["samples"] = self.samples
        path.write_text(json.dumps(written, indent=2) + "\n")


def machine() -> dict[str, Any]:
    """What the figures were taken on."""
    return {
        "system": platform.system(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
    }


def options(description: str | None) -> argparse.Namespace:
    """`--quick` and `--json FILE`, as every benchmark takes them."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--quick", action="store_true", help="a small run that shows that it works; no figure to quote")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results here as well")
    return parser.parse_args()


def finish(results: Results, chosen: argparse.Namespace) -> None:
    """Print the table and write the file. Exits with 1 when a bar was missed, unless the run was a quick one."""
    results.print()
    if chosen.json:
        results.write(chosen.json)
    missed = [bar for bar in results.bars if not bar["ok"]]
    raise SystemExit(1 if missed and not chosen.quick else 0)


def per_second(count: int, work: Callable[[], Any]) -> float:
    """How many of `count` things a piece of work did in a second."""
    began = time.perf_counter()
    work()
    return count / (time.perf_counter() - began)


def quantile(samples: Sequence[float], share: float) -> float:
    """The sample below which this share of them lies."""
    return statistics.quantiles(samples, n=100, method="inclusive")[round(share * 100) - 1]
