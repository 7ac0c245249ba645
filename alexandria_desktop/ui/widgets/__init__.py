"""Small widgets that every screen shares; their looks are in the window's style sheet."""
