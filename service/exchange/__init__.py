"""Files and messages to and from other systems: histories, returns, extracts."""
