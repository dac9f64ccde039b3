"""Pure rules of the measures: from one child's pathways to packed records, and from records to figures."""
