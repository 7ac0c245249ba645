"""Vectors of passages behind one protocol: sqlite-vec by default, numpy where it cannot load, Chroma on request."""
