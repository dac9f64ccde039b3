"""What can go wrong while the embedded services start."""


class ServiceUnavailable(Exception):
    """An embedded service cannot be had or started; the message is one line for the person who asked for it."""
