"""What can't be seen in a text, written out.

The names of a stranger's classes, files and models may hold characters that nobody sees and that deceive all the same:
controls of the direction of writing, by which “gpj.exe” looks like “exe.jpg” (Unicode Technical Report 36; “Trojan
Source”, Boucher and Anderson 2021, arXiv 2111.00169); characters of no width, by which two different names look alike;
and those that a terminal obeys. Wherever a name is shown, they are written out: U+202E becomes ‹U+202E›. The names
themselves stay as they are.
"""

import json
import re
import unicodedata
from collections.abc import Callable

_CONTROLS = "\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufff9-\ufffb"
"""Cc, Zl, Zp, the lone surrogates that stand for bytes which aren't UTF-8, and marks of annotations."""

_IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Default_Ignorable_Code_Point (Unicode Standard Annex 44), in which are all controls of the direction (Annex 9)."""

_FLAGS = "|".join(
    "\U0001f3f4" + "".join(chr(0xE0000 + ord(letter)) for letter in region) + "\U000e007f"
    for region in ("gbeng", "gbsct", "gbwls")
)
"""The flags that are written with invisible letters: those of England, Scotland and Wales."""

_HIDDEN = re.compile(f"{_FLAGS}|[{_CONTROLS}{_IGNORABLE}]")
_ZWNJ, _ZWJ, _ZERO_WIDTH_SPACE = "\u200c", "\u200d", "\u200b"
_EMOJI_SELECTORS = frozenset("\ufe0e\ufe0f")
_KEYCAP = "\u20e3"
_OTHER_EMOJI = frozenset("‼⁉ℹ〰")  # which Unicode counts among punctuation and letters
_WITHOUT_SPACES = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]{2}")
"""Two letters of Thai, Lao, Burmese or Khmer, which don't part words by spaces that are seen."""

_VIRAMA = 9  # the canonical combining class
_MAX_MARKS = 3  # on a letter


def visible(name: str) -> str:
    """Write out what can't be seen in a name, line ends and tabs too; what has to be there is left as it is.

    That is what changes its neighbours' looks, as Persian, Indian scripts and emoji need it. A text in which nothing is
    hidden, in whatever script or direction, is the same afterwards.
    """
    return _replaced(name, lambda letter: f"‹U+{ord(letter):04X}›")


def visible_lines(text: str) -> str:
    """Do the same in a text of several lines, which stay lines."""
    return "\n".join(map(visible, text.split("\n")))


def escaped_in_json(document: str) -> str:
    """Write what can't be seen in a JSON document as JSON's own escapes: it says the same, and no terminal obeys it."""
    return _replaced(document, lambda letter: json.dumps(letter)[1:-1])


def without_hidden(name: str) -> str:
    """Leave out of a name what `visible` would write out, to suggest it for something new."""
    return _replaced(name, lambda letter: "")


def _replaced(text: str, put: Callable[[str], str]) -> str:
    def replace(found: re.Match[str]) -> str:
        is_needed = len(found[0]) > 1 or _is_needed(text, found.start())
        return found[0] if is_needed else put(found[0])

    return _HIDDEN.sub(replace, text)


def _is_needed(text: str, place: int) -> bool:
    """Return whether a character that can't be seen changes how its neighbours look, or parts words of some scripts."""
    letter, before, after = text[place], text[max(0, place - 1) : place], text[place + 1 : place + 2]
    if letter == _ZERO_WIDTH_SPACE:
        return _WITHOUT_SPACES.fullmatch(before + after) is not None
    if letter in (_ZWNJ, _ZWJ):
        return _joins(letter, _base(text, place), before, after)
    if letter in _EMOJI_SELECTORS:
        return after == _KEYCAP or _is_symbol(before) or before in _OTHER_EMOJI
    return "VARIATION SELECTOR" in unicodedata.name(letter, "") and _has_variants(before)


def _joins(letter: str, base: str, before: str, after: str) -> bool:
    """Return whether a joiner or non-joiner has something to do: between Arabic letters, beside the sign that takes an
    Indian letter's vowel (RFC 5892, appendix A), and between the parts of an emoji (Unicode Technical Standard 51)."""
    if _is_virama(before) or _is_virama(after) or (_is_arabic(base) and _is_arabic(after)):
        return True
    return letter == _ZWJ and _is_symbol(base) and _is_symbol(after)


def _base(text: str, place: int) -> str:
    """Return the letter or symbol before a place, without the marks on it."""
    near = text[max(0, place - 1 - _MAX_MARKS) : place]
    return next((one for one in reversed(near) if unicodedata.category(one) not in ("Mn", "Sk")), "")


def _is_virama(letter: str) -> bool:
    return bool(letter) and unicodedata.combining(letter) == _VIRAMA


def _is_arabic(letter: str) -> bool:
    return bool(letter) and unicodedata.bidirectional(letter) == "AL" and unicodedata.category(letter) == "Lo"


def _has_variants(letter: str) -> bool:
    return bool(letter) and unicodedata.name(letter, "").startswith(("CJK UNIFIED IDEOGRAPH", "MONGOLIAN LETTER"))


def _is_symbol(letter: str) -> bool:
    return bool(letter) and unicodedata.category(letter) in ("So", "Sm")
