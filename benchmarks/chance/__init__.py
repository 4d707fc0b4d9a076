"""Documents at random over a graph, and whether the two ways of answering them agree."""
