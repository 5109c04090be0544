"""Numbers of any number of bits, as video codecs store them."""


class Bits:
    """Numbers of any number of bits in a row; zeros after the end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 0

    def number(self, bits: int) -> int:
        """Read the next number."""
        first, last = self._place // 8, (self._place + bits + 7) // 8
        self._place += bits
        data = self._data[first:last].ljust(last - first, b"\0")
        return int.from_bytes(data, "big") >> (-self._place % 8) & (1 << bits) - 1

    def variable(self) -> int:
        """Read a number of variable length (uvlc of AV1, ue of HEVC): as many leading zeros as it has further bits."""
        zeros = 0
        while zeros < 32 and not self.number(1):
            zeros += 1
        return (1 << zeros) - 1 + self.number(zeros)
