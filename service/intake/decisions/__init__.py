"""What becomes of a notice: shared or not shared, decided, sent to the right area."""
