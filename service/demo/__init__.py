"""The demo: a synthetic partnership and how it is loaded."""

from service.demo.partnership import SignIn
from service.demo.seeding import seed

__all__ = ["SignIn", "seed"]
