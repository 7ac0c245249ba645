"""Files of books, covers and vector packs: kept once by their content, handed out by who may see them."""
