"""Reports that are issued under a name, and links to one's own report by mail, each week or month."""
