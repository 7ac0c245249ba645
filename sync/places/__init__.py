"""Where in a book: what laptop and server mean by a place."""
