"""The words everyone shares: Book, Section, Passage, Locator, CFI; pure."""
