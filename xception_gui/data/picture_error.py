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
