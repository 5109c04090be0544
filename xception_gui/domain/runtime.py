"""Runtimes of the backbone."""

LITERT = "litert-float32"
"""The runtime, with its precision, that is part of every installation."""
