"""What is read from a file's header, of each format: its size, what decoding needs of it and takes.

The pictures in `tests/recordings/pictures` are small and of many kinds; `odd_pictures` makes what no program writes.
`headers.json` says what is read from them, and from the beginnings of the former. How much memory and time decoding
takes was measured (`tests.torture.bombs`). Whoever changes a figure of that has measured anew, and writes the file by
`python -m tests.unit.test_headers`.
"""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.odd_pictures import odd_pictures
from xception_gui.data.pictures.headers import FORMATS, Header, read_header
from xception_gui.data.pictures.headers.bits import Bits
from xception_gui.data.pictures.headers.header import count_of

RECORDINGS = Path(__file__).resolve().parents[1] / "recordings"
PICTURES = sorted((RECORDINGS / "pictures").iterdir())
HEADERS = RECORDINGS / "headers.json"

SHORTEST = 299
"""Pixels of the shorter side that are wanted at least, as for the network."""

pytestmark = pytest.mark.filterwarnings(r"ignore:::PIL\.")  # the program ignores them too


def said_of(data: bytes, at_least: int | None = None) -> Any:
    """Give what a header says, as JSON has it; the name of the error where it says nothing."""
    try:
        header = read_header(io.BytesIO(data), at_least)
    except Exception as error:
        return type(error).__name__
    parts = [list(part) for part in header.parts]
    cost = [header.memory, round(header.seconds, 12), header.memory_of_a_bomb]
    return [header.kind, header.width, header.height, parts, *cost]


def readings_of(data: bytes) -> dict[str, Any]:
    """Read a file as it is and for a small picture, and what is left of it when it is cut off."""
    cuts = {f"{share}/8": data[: len(data) * share // 8] for share in range(1, 8)}
    return {
        "whole": said_of(data),
        "for a small one": said_of(data, SHORTEST),
        **{f"cut at {share}": said_of(cut) for share, cut in cuts.items()},
    }


def all_readings() -> dict[str, Any]:
    """Read all pictures."""
    pictures = {picture.name: readings_of(picture.read_bytes()) for picture in PICTURES}
    return pictures | {name: [said_of(data), said_of(data, SHORTEST)] for name, data in odd_pictures().items()}


def test_headers_say_what_they_said():
    wanted = json.loads(HEADERS.read_text(encoding="utf-8"))
    found = all_readings()
    assert found.keys() == wanted.keys()
    for name, readings in found.items():
        assert readings == wanted[name], name


def test_there_is_a_picture_of_each_format():
    kinds = {said_of(picture.read_bytes())[0] for picture in PICTURES}
    assert kinds == set(FORMATS) - {"DIB"}  # a BMP that lacks its beginning


@pytest.mark.parametrize(("parts", "is_whole"), [([(0, 9)], True), ([(0, 4), (5, 9)], False), ([], False)])
def test_a_file_is_needed_whole_where_its_header_names_one_part(parts, is_whole):
    assert Header("PNG", 1, 1, parts, 0, 0.0).is_whole is is_whole


@pytest.mark.parametrize("wanted", [b"#", b"\xff\xda"])
def test_what_occurs_is_counted_once_wherever_a_file_is_cut_into_pieces(wanted):
    data = bytearray(2_500_000)
    places = (0, 7, 999_996, 999_999, 1_000_001, 1_999_998, 2_000_000, 2_500_000 - len(wanted))
    for place in places:
        data[place : place + len(wanted)] = wanted
    assert count_of(io.BytesIO(bytes(data)), wanted) == len(places)
    assert count_of(io.BytesIO(b""), wanted) == 0


def test_bits_are_read_from_the_highest_on_and_are_zero_behind_the_end():
    data = bytes([0b10110011, 0b01010101, 0b11110000])
    bits = Bits(data)
    assert [bits.number(count) for count in (1, 2, 5, 0, 9, 4)] == [1, 1, 0b10011, 0, 0b010101011, 0b1110]
    assert [bits.number(count) for count in (5, 3, 20)] == [0, 0, 0]


@pytest.mark.parametrize(
    ("written", "number"),
    [("1", 0), ("010", 1), ("011", 2), ("00100", 3), ("00111", 6), ("0001010", 9), ("0" * 80, 2**32 - 1)],
)
def test_numbers_of_variable_length_have_as_many_zeros_before_them_as_bits(written, number):
    bits = Bits(int(written.ljust(96, "1"), 2).to_bytes(12, "big"))
    assert bits.variable() == number
    assert bits.number(3) == (0b000 if len(written) == 80 else 0b111)


if __name__ == "__main__":
    lines = [f" {json.dumps(name)}: {json.dumps(readings)}" for name, readings in all_readings().items()]
    HEADERS.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
