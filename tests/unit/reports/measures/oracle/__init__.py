"""A second, deliberately simple reading of what the board says of delay, straight from milestones."""
