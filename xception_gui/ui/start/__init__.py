"""Start: the models, and where to begin."""
