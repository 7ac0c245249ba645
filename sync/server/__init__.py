"""The server's end of sync; not part of this version."""
