"""What comes in: notices typed or pushed, rows of files, contact decisions."""
