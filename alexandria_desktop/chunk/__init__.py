"""Chunk: a Book becomes passages with locators."""
