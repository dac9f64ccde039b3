"""Asking for a discussion and convening it: who is asked, when it could be, when it will be."""
