"""Lists that people work from: waiting now, not yet shared, search. One audit row for each view."""
