"""The rules of the network (驿站): facts, decisions, refusals and reference data. No I/O, no clock, no chance."""
