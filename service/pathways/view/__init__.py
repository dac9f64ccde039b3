"""One pathway as an actor may see it: clocks in words, holders, the milestone timeline, flags."""
