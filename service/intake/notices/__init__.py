"""Notices typed by a coordinator or pushed by a machine: one struct, one way in."""
