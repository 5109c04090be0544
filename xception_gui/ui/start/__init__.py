"""The page Start: a new model, and the list of models."""
