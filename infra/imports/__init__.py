"""Reading of files that the network takes in: what they say, in plain records, and what could not be read, and why.

The way in is `infra.imports.reading.read_file`. What is read knows nothing of commands, stations or the log.
"""
