"""The command line of ``alexandria-server``, one module a command."""
