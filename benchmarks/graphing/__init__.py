"""What the benchmark of the projection is made of: a history of needs, and the sides that bring it into a graph."""
