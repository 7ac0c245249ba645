"""Moodle XML: a bank of questions with their keys, feedback and pictures."""
