"""What laptop and server share to grade: questions, keys, answers, and how an attempt is judged; pure."""
