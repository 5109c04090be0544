"""The messages between jobs and their callers, by topic; each request beside its result."""
