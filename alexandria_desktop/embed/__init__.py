"""Text to vector: the Embedder protocol and the local models."""
