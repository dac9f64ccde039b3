"""Two records of one child: found, settled, linked, and unlinked again."""
