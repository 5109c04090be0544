"""What the folders at the top of a data set are taken for."""

from enum import StrEnum


class Folders(StrEnum):
    """Who says what the top folders are."""

    AUTO = "auto"  # their names do
    CLASSES = "classes"  # each is a class, whatever it is called
    PARTS = "parts"  # training, validation and test folders, which hold the class folders
