"""Adapters and processes: the log, the graph database, identities, importers, the command line."""
