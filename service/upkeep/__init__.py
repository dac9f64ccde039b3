"""The watcher's own health, and the work it does by the minute, the hour and the night."""
