"""Preferences, and what the program keeps on the disk."""
