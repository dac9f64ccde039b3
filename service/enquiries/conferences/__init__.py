"""Conferences: asked for, scheduled, held, and why one is late."""
