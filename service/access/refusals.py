"""Two more things that can go wrong, of the tree in ``service.errors``: both about who is asking."""

from service.errors import TrackerError


class NotSignedIn(TrackerError):
    """No session or token, or one that has ended."""


class TooMany(TrackerError):
    """Too many attempts; ``facts['retry_after']`` in seconds."""
