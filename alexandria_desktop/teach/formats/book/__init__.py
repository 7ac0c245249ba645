"""A course as a book that any reading program opens: EPUB, written by EbookLib."""
