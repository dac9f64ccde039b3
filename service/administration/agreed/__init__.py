"""What a partnership agreed for itself: who takes part in discussions, and what boards are not shown."""
