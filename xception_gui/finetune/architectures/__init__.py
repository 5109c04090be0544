"""Layers of Keras: one module an architecture, and the networks that are built around them."""
