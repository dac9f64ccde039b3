"""Lists of enquiries and of conferences, from the clocks that run."""
