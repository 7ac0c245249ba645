"""The program itself: the page about it, newer versions, diagnostics, licences."""
