"""Reports: the force's backlog, and what boards ask of the delays."""
