"""Tests, mirroring the packages they try."""
