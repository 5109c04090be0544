"""What is asked about each picture of a data set; its label is the answer to that."""

CLASS = "class"
"""Which of several classes the picture shows, one and no more. The one question that there is so far."""
