"""What readers have from elsewhere: folders with books, calibre libraries, clippings of a Kindle."""
