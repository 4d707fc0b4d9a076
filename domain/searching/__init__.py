"""Searching by words: what a text consists of, and an index that ranks texts by the words of a query."""
