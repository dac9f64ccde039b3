"""The courses that pathways take: at the police, at the front door, in assessment, in protection."""
