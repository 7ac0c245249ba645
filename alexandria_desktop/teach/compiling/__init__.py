"""Offline help: from books and objectives to proposed lessons and questions; pure, without a model of its own."""
