"""What every slice of the domain stands on: facts, commands, refusals, ids, claims and how a decision is put together.

Nothing here knows a noun of the network, a store, a clock or a source of randomness.
"""
