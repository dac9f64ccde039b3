"""A discussion's own record follows what is corrected on a child's pathway, in the same act."""
