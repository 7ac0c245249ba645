"""Courses: what they are made of, how questions are judged, and the formats that other programs read."""
