"""Marking texts that whoever shows them translates."""


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: N802 - the name that Qt's lupdate looks for
    """Mark `text` for translation; whoever shows it translates it."""
    return text
