"""Why a file gives no picture."""

from xception_gui.domain.reasons import Reason


class PictureError(Exception):
    """A file that gives no picture.

    Attributes:
        reason: why.
        detail: what fills the place in the reason's text.
    """

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


def refuse_lack_of_memory(error: PictureError | None) -> None:
    """Have work end for which a picture is needed that there was only not enough memory for.

    Raises:
        MemoryError: it was that.
    """
    if error is not None and error.reason is Reason.NO_MEMORY:
        raise MemoryError from error
