"""Pictures: laid out here as numbers, drawn by ``web/pictures.html`` as SVG with a table that says the same."""
