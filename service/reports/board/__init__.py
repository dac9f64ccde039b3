"""The board's page and its packs: are children waiting longer, where, and who acts?"""
