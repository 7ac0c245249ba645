"""Newer versions of the program: a signed word about them, asked for only where the reader agreed; never installed."""
