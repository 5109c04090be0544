"""Export of models for other programs."""
