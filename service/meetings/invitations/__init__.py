"""Invitations to discussions as other people's calendars read them: iCalendar, sent by mail, free of names."""
