"""Courses in the window: taking them, and answering their questions."""
