"""Files of this program: what may be deleted, by which names; which files may be read."""
