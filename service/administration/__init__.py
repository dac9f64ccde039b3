"""What an administrator looks after: standards, calendars, people. No record of any child."""
