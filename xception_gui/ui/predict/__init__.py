"""Predict: what pictures show."""
