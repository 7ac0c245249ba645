"""Alexandria Desktop: an offline-first reading application."""
