"""Absolute paths, with one spelling for each path to a file.

A path from a person is made absolute once, where it is entered; requests, records and the cache contain it like that.
"""

import os


def absolute_path(given: str) -> str:
    """Return the absolute path, without `.`, `..` and doubled slashes. Links stay as the person named them.

    If `..` follows a link, the system goes up from the link's target. Then links are resolved, since no other path
    would name the same file.
    """
    normal = os.path.abspath(given)  # noqa: PTH100 - Path.absolute() leaves `..` in
    if os.pardir not in given or os.path.realpath(given) == os.path.realpath(normal):
        return normal
    return os.path.realpath(given)
