"""The spine: milestones in, segments, clocks and flag conditions out; corrections; chronology."""
