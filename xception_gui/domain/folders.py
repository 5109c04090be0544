"""How the top folders of a data set are interpreted."""

from enum import StrEnum


class Folders(StrEnum):
    """The ways to interpret the top folders."""

    AUTO = "auto"  # their names decide
    CLASSES = "classes"  # each folder is a class, whatever its name
    PARTS = "parts"  # training, validation and test folders, which hold the class folders
