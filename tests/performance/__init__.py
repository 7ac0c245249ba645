"""Measurements; ``python -m tests.performance`` runs them, or ``packaging/bootstrap.py bench``."""
