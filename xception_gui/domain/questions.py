"""The questions that a data set asks about each picture; a label is the answer."""

CLASS = "class"
"""Which one of several classes the picture shows. The only question so far."""
