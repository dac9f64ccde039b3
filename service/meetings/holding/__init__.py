"""Holding a discussion: its record while it is written, what it decided, and to whom the record went."""
