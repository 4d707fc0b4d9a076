"""Plans: a whole query as one statement of the graph database, and a function that makes the answer of its record."""
