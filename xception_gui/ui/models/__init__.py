"""The models that there are, and the one that all pages are about."""
