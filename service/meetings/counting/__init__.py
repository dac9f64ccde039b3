"""How many discussions and actions need somebody, for tiles and for pages that stay open."""
