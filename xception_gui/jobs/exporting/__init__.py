"""The job that writes models for other programs."""
