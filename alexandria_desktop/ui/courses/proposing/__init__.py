"""The sheet on which lessons and questions are proposed from books, and taken or thrown away."""
