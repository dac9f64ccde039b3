"""A synthetic partnership and its two years, for the demo, for tests and for benchmarks.

Pure: a seed and an instant in, plain structs out. ``generate`` draws a history calibrated on
published figures; ``written_cases`` tells by hand what chance seldom brings.
"""

from service.demo.generator.cases import written_cases
from service.demo.generator.partnership import partnership
from service.demo.generator.police_file import POLICE_HEADER, police_rows
from service.demo.generator.run import generate

__all__ = ["POLICE_HEADER", "generate", "partnership", "police_rows", "written_cases"]
