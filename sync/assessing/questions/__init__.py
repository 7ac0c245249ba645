"""Questions, their keys, a student's answers, and what an answer is worth: pure values and functions."""
