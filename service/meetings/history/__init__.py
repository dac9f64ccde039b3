"""A discussion's whole history: who changed what, when, and why."""
