"""What a teacher does with attempts: judge them, and learn from all of them together."""
