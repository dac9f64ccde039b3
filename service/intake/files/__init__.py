"""Police files: stored whole, read in batches, every row accounted for."""
