"""Matching (供需对接): which EEN profiles answer a need, an achievement or a profile of our own, and why.

Pure: who asks hands in the candidates, the day and a gloss; the same input gives the same suggestions.
"""
