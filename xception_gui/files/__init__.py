"""Files of this program: which may be deleted, by name, and which may be read."""
