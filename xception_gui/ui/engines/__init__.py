"""Engines: the processes that compute for the window."""
