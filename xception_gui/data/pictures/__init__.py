"""From a file to pixels: the one picture path."""
