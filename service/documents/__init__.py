"""Printed documents: accessible PDF from a template and data."""
