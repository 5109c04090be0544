"""Jobs that tend models: list, rename, share, locate."""
