"""When a feed was last heard of, so that its silence is seen by everybody."""
