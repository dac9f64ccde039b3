"""How long what is kept: rules as data, holds, what is due, and the deliberate act of taking names away."""
