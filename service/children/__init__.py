"""Children: records, identifiers, and when two records are of the same child."""
