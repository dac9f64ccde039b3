"""Section 47 enquiries and child protection conferences."""
