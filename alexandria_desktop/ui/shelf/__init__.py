"""The library screen: the sidebar, the books, the notes."""
