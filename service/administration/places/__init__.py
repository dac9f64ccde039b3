"""Places as configuration: areas, forces, districts, teams, schools and feeds."""
