"""Bolt, the protocol of the graph databases, as far as reads and batches take it: statements there, rows back.

The driver is made for every use of a database, and takes some ten times as long for a short read as the read itself
needs. What is here sends the messages of a read, or of a batch, together, and makes nothing of the rows but Python's
own values. It is written after the protocol's specification: https://neo4j.com/docs/bolt/current/.
"""
