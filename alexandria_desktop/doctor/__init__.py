"""What is wrong with the surroundings, in one sentence each, with what to do; without Qt and without a library."""
