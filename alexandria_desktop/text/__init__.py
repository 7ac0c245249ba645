"""The one canonical text of a document, tokenising and languages; pure."""
