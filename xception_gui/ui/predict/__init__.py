"""Predict: classifies pictures."""
