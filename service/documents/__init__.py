"""Printed documents: accessible PDF from a template and data, by `service.documents.service.pdf`."""
