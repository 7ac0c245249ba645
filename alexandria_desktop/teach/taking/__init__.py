"""What a student does with an assessment: sit it, hand it in, see what it was worth."""
