"""Flags: noticed, told, answered, escalated. The truth about delays beside the derived conditions."""
