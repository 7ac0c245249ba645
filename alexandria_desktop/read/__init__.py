"""Read: positions, contents, page HTML and reading sessions."""
