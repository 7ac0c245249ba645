"""Import: a file becomes a Book."""
