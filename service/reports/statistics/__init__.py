"""Pure statistics of waiting: numpy in, structs out. No database, no clock, no randomness without a seed.

Durations are whole minutes. Weights are counts. Intervals are at 95% and hold although siblings of one incident share
its fate: see ``docs/decisions`` on intervals by family.
"""
