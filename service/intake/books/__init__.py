"""Putting arrivals on the books: one way in for notices, police files, histories and the demo."""
