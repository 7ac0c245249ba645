"""Index: passages become full text and vectors."""
