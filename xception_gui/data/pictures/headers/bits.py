"""Numbers of some bits, as video codecs write them."""


class Bits:
    """Numbers of any count of bits, one behind the other; zeros behind the end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 0

    def number(self, bits: int) -> int:
        """Read the next one."""
        first, last = self._place // 8, (self._place + bits + 7) // 8
        self._place += bits
        data = self._data[first:last].ljust(last - first, b"\0")
        return int.from_bytes(data, "big") >> (-self._place % 8) & (1 << bits) - 1

    def variable(self) -> int:
        """Read a number of variable length (uvlc of AV1, ue of HEVC): as many zeros come before it as it has bits."""
        zeros = 0
        while zeros < 32 and not self.number(1):
            zeros += 1
        return (1 << zeros) - 1 + self.number(zeros)
