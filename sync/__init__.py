"""Sync: the schema, the protocol, and both ends of it; knows no Qt and no desktop."""
