"""The reader: pages of flowing text in WebEngine, pages of a PDF from the worker, and what surrounds them."""
