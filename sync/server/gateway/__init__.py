"""The web application: routes, transactions, limits, logs and health; what it serves is made elsewhere."""
