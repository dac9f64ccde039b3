"""Who is asking, what they may do, and the trace of what they saw."""
