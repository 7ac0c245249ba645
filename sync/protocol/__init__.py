"""What laptop and server say to each other: messages, how values are written, how a body is framed, what goes wrong."""
