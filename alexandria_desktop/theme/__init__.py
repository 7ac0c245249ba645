"""Themes without a window: the model, built-in environments, contrast, page CSS, fonts, the automatic choice."""
