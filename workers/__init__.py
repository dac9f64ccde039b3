"""Background processes: wake-ups, sweeps and deliveries; thin, they call the subjects' services."""
