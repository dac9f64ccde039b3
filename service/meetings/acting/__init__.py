"""Actions: what somebody is to do after a discussion, by when, and what changed for the child."""
