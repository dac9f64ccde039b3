"""The children a social worker is allocated, and those of a manager's team: whose clock runs out next."""
