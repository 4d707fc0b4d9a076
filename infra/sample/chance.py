"""Chance: draws that depend on the seed and on what is drawn for, and on nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import TypeVar

Kind = TypeVar("Kind")


def chance(name: str, *about: object) -> Random:
    """The draws for one thing of the network with this name: the same every time, whatever else was drawn."""
    return Random("/".join((name, *map(str, about))))


def one_of(rng: Random, weights: Mapping[Kind, float]) -> Kind:
    """One of these, each as often as its weight says."""
    return rng.choices(tuple(weights), tuple(weights.values()))[0]
