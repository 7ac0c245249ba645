"""What laptop and server share to find passages: the model for whole libraries, and joining words with meaning."""
