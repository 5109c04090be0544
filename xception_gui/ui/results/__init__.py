"""Results: how good a model is, and its mistakes."""
