"""What is done by the clock, where the database has no clock of its own."""

from sync.server.jobs.scheduler import make_jobs

__all__ = ["make_jobs"]
