"""Where a teacher builds a course: its tree, a lesson edited in place, and the book beside it."""
