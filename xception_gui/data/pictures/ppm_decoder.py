"""Portable graymaps and pixmaps of unusual depths, as raw converters write them (12 bits in 16).

Pillow reads them number by number in Python, which takes a minute; this takes a tenth of a second.
"""

import numpy as np
from PIL import Image, ImageFile, PpmImagePlugin

AT_ONCE = 1_000_000  # numbers


class OddDepths(ImageFile.PyDecoder):
    """Scales the numbers 0..maxval to 0..255, or to 0..65535 for deep grey, as Pillow's decoder does."""

    _pulls_fd = True

    def decode(self, buffer: Image.DecoderInput) -> tuple[int, int]:
        """Read the whole picture from its file.

        Raises:
            ValueError: it is cut off.
        """
        assert self.fd is not None
        deepest, most, number = (65535, "<i4", "I;32") if self.mode == "I" else (255, "u1", self.mode)
        greatest = self.args[-1]
        stored = np.dtype("u1" if greatest < 256 else ">u2")
        scaled = np.round(np.arange(256**stored.itemsize) / greatest * deepest).clip(max=deepest).astype(most)
        missing = self.state.xsize * self.state.ysize * Image.getmodebands(self.mode)
        pixels = bytearray()
        while missing and (piece := self.fd.read(min(missing, AT_ONCE) * stored.itemsize)):
            numbers = np.frombuffer(piece, stored, count=len(piece) // stored.itemsize)
            pixels += scaled[numbers].tobytes()
            missing -= len(numbers)
            if len(piece) < stored.itemsize:
                break
        self.set_as_raw(pixels, number)
        return -1, 0


def register() -> None:
    """Make Pillow use this decoder."""
    assert PpmImagePlugin.PpmImageFile.format in Image.OPEN  # else Pillow would replace this one later
    Image.register_decoder("ppm", OddDepths)
