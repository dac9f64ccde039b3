"""The tracker's data, described once: vocabulary, structs, migrations, standards, calendars, feeds."""
