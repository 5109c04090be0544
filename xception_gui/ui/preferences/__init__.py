"""Preferences: the cache, and other data on disk."""
