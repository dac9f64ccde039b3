"""The demo: a synthetic partnership and how it is loaded."""
