"""Reasons why a file yields no picture."""

from xception_gui.domain.reasons import Reason


class PictureError(Exception):
    """A file yields no picture.

    Attributes:
        reason: why.
        detail: fills the placeholder in the reason's text.
    """

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


def refuse_lack_of_memory(error: PictureError | None) -> None:
    """Raise MemoryError if a picture couldn't be decoded only for lack of memory: work that needs it must stop.

    Raises:
        MemoryError: memory ran out.
    """
    if error is not None and error.reason is Reason.NO_MEMORY:
        raise MemoryError from error
