"""Random damage to files, the same for the same random generator."""

import random
from collections.abc import Callable

EXTREMES = (b"\x00\x00\x00\x00", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f", b"\x80\x00\x00\x00")
"""Values for a four-byte field that contains a size or an offset."""


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Damage a file in one to three ways."""
    for _ in range(rng.randint(1, 3)):
        data = rng.choice(_WAYS)(data, rng)
    return data


def _flip(data: bytes, rng: random.Random) -> bytes:
    """Change some bytes, most of them near the beginning, where headers are."""
    found = bytearray(data)
    for _ in range(rng.randint(1, 12)):
        if found:
            place = rng.randrange(min(len(found), rng.choice((64, 512, len(found)))))
            found[place] ^= rng.randint(1, 255)
    return bytes(found)


def _cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _leave_out(data: bytes, rng: random.Random) -> bytes:
    begin = rng.randrange(len(data) + 1)
    return data[:begin] + data[begin + rng.randint(1, 64) :]


def _repeat(data: bytes, rng: random.Random) -> bytes:
    begin = rng.randrange(len(data) + 1)
    end = begin + rng.randint(1, 256)
    return data[:end] + data[begin:end] * rng.randint(1, 4) + data[end:]


def _put_extremes(data: bytes, rng: random.Random) -> bytes:
    found = bytearray(data)
    for _ in range(rng.randint(1, 3)):
        place = rng.randrange(len(found) + 1)
        found[place : place + 4] = rng.choice(EXTREMES)
    return bytes(found)


_WAYS: tuple[Callable[[bytes, random.Random], bytes], ...] = (_flip, _flip, _cut, _leave_out, _repeat, _put_extremes)
