"""Files as text: what they are, how they are written, and what each of their rows says. Pure, without a database."""
