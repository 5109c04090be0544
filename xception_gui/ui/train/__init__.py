"""The page Train: the progress of a training, or how it ended."""
