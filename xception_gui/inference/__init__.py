"""Prediction without Keras: backbone, cached embeddings, head, and a run opened as a classifier."""
