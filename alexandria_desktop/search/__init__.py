"""Search: words become ranked hits."""
