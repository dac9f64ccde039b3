"""Layout, components, words on screen, charts and assets: what every page is made of."""
