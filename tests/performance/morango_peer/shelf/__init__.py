"""An application of notes, for morango to keep in step."""
