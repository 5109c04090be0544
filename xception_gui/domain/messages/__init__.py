"""What travels between whoever wants work done and the jobs that do it, by topic; a request beside its result."""
