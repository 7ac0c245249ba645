"""H5P: the question types of its packages, read."""
