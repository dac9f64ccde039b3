"""A synthetic partnership and its two years, for the demo, for tests and for benchmarks.

Pure: a seed and an instant in, plain structs out. ``generate`` draws a history calibrated on
published figures; ``written_cases`` tells by hand what chance seldom brings.
"""

from service.demo.generator.run import generate

__all__ = ["generate"]
