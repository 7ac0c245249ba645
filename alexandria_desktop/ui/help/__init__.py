"""Help in the window: the way into the guide, and the sheet of keys."""
