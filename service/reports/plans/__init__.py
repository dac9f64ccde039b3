"""What people make of reports: promises with a name and a date, comments, issued reports, packs by link, caseloads."""
