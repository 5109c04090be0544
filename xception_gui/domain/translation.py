"""Marks texts for translation."""


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: N802 - the name that Qt's lupdate looks for
    """Mark `text` for translation and return it unchanged; it is translated where it is shown."""
    return text
