"""What runs a backbone."""

LITERT = "litert-float32"
"""The runtime, with its precision, that every installation has."""
