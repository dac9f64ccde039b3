"""How long what is kept: rules, what is due, and holds."""
