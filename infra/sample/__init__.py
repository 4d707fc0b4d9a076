"""The sample network: a pilot of the innovation relay, told from a seed and recorded through the ordinary commands.

`pilot.py` says how large it is, `network.py` tells it as a list of steps, `recording.py` gives them to the log. All of
its people, organisations and texts are invented; regions, code lists and keywords are real.
"""
