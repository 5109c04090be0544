"""Paths as they are passed on: absolute, and one spelling for each way to a place.

Whoever takes a path from a person makes it absolute, once; requests, records and the cache hold it like that.
"""

import os


def absolute_path(given: str) -> str:
    """Return a path from the root on, without `.`, `..` and doubled slashes. Links stay as the person named them.

    Where `..` stands behind a link, the system goes up from where the link leads. Then links are resolved, as nothing
    else would name the place that was meant.
    """
    normal = os.path.abspath(given)  # noqa: PTH100 - Path.absolute() leaves `..` in
    if os.pardir not in given or os.path.realpath(given) == os.path.realpath(normal):
        return normal
    return os.path.realpath(given)
