"""Themes: the model, built-in environments, page CSS, contrast."""
