"""The laptop's half of sync: what goes out, what comes in, one resumable round, and the way over HTTP. Knows no Qt."""
