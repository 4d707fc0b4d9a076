"""Bolt, the protocol of the graph databases, as far as reading takes it: statements there, rows back, in one way.

The driver is made for every use of a database, and takes some ten times as long for a short read as the read itself
needs. What is here sends the messages of a read together and makes nothing of the rows but Python's own values. It is
written after the protocol's specification: https://neo4j.com/docs/bolt/current/.
"""
