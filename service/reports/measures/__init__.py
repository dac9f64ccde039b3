"""Delay measures: where children wait, for how long, and how each wait ended. Figures only, no names."""
