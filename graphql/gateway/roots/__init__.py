"""The readers' own roots: questions that are more than a list of one noun."""

from gateway.roots import as_of, collaboration, counterparts, history, me, paths, search, standing

ROOTS = (standing, me, search, counterparts, collaboration, paths, history, as_of)
"""Each has `fields()`, which gives fields of the query root by name."""
