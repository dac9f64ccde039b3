"""Pure: figures as words, tables and pictures, the same for the page, the pack and the files."""
