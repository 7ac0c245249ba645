"""The PyMuPDF worker process: pages, text, covers, search."""
