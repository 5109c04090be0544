"""Integration with the desktop: single instance, notifications, sleep, files, termination, unexpected errors."""
