"""The façade: all that the window and the command line talk to."""
