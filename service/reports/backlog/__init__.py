"""Incidents with children not yet shared: what must leave the police office today."""
