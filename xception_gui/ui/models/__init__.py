"""The list of models, the current model, and the training."""
