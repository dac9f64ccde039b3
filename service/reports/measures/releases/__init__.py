"""What boards are told, and when."""
