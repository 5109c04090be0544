"""Makes invisible characters in texts visible.

The names of a stranger's classes, files and models may contain invisible characters that deceive: controls of the
writing direction, which make “gpj.exe” look like “exe.jpg” (Unicode Technical Report 36; “Trojan Source”, Boucher and
Anderson 2021, arXiv 2111.00169); characters of zero width, which make two different names look alike; and control
sequences for terminals. Wherever a name is shown, such characters are written out: U+202E becomes ‹U+202E›. The names
themselves don't change.
"""

import json
import re
import unicodedata
from collections.abc import Callable

_CONTROLS = "\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufff9-\ufffb"
"""Cc, Zl, Zp, the lone surrogates that Python uses for bytes that aren't UTF-8, and annotation marks."""

_IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Default_Ignorable_Code_Point (Unicode Standard Annex 44), which includes all controls of the direction (Annex 9)."""

_FLAGS = "|".join(
    "\U0001f3f4" + "".join(chr(0xE0000 + ord(letter)) for letter in region) + "\U000e007f"
    for region in ("gbeng", "gbsct", "gbwls")
)
"""The flags that are encoded with invisible letters: those of England, Scotland and Wales."""

_HIDDEN = re.compile(f"{_FLAGS}|[{_CONTROLS}{_IGNORABLE}]")
_ZWNJ, _ZWJ, _ZERO_WIDTH_SPACE = "\u200c", "\u200d", "\u200b"
_EMOJI_SELECTORS = frozenset("\ufe0e\ufe0f")
_KEYCAP = "\u20e3"
_OTHER_EMOJI = frozenset("‼⁉ℹ〰")  # punctuation and letters in Unicode's categories
_WITHOUT_SPACES = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]{2}")
"""Two letters of Thai, Lao, Burmese or Khmer, which don't separate words by visible spaces."""

_VIRAMA = 9  # the canonical combining class
_MAX_MARKS = 3  # on a letter


def visible(name: str) -> str:
    """Write out the invisible characters of a name, including line ends and tabs, except those that scripts need.

    Persian, Indian scripts and emoji need invisible characters that change how their neighbours look. A text without
    hidden characters is returned unchanged, whatever its script or direction.
    """
    return _replaced(name, lambda letter: f"‹U+{ord(letter):04X}›")


def visible_lines(text: str) -> str:
    """Do the same in a text of several lines, and keep its line ends."""
    return "\n".join(map(visible, text.split("\n")))


def escaped_in_json(document: str) -> str:
    """Write invisible characters of a JSON document as JSON escapes: the same document, harmless for terminals."""
    return _replaced(document, lambda letter: json.dumps(letter)[1:-1])


def without_hidden(name: str) -> str:
    """Remove from a name what `visible` would write out, to suggest a new name."""
    return _replaced(name, lambda letter: "")


def _replaced(text: str, put: Callable[[str], str]) -> str:
    def replace(found: re.Match[str]) -> str:
        is_needed = len(found[0]) > 1 or _is_needed(text, found.start())
        return found[0] if is_needed else put(found[0])

    return _HIDDEN.sub(replace, text)


def _is_needed(text: str, place: int) -> bool:
    """Return whether an invisible character changes how its neighbours look, or separates words in some scripts."""
    letter, before, after = text[place], text[max(0, place - 1) : place], text[place + 1 : place + 2]
    if letter == _ZERO_WIDTH_SPACE:
        return _WITHOUT_SPACES.fullmatch(before + after) is not None
    if letter in (_ZWNJ, _ZWJ):
        return _joins(letter, _base(text, place), before, after)
    if letter in _EMOJI_SELECTORS:
        return after == _KEYCAP or _is_symbol(before) or before in _OTHER_EMOJI
    return "VARIATION SELECTOR" in unicodedata.name(letter, "") and _has_variants(before)


def _joins(letter: str, base: str, before: str, after: str) -> bool:
    """Return whether a joiner or non-joiner has an effect: between Arabic letters, beside the sign that removes an
    Indian letter's vowel (RFC 5892, appendix A), and between the parts of an emoji (Unicode Technical Standard 51)."""
    if _is_virama(before) or _is_virama(after) or (_is_arabic(base) and _is_arabic(after)):
        return True
    return letter == _ZWJ and _is_symbol(base) and _is_symbol(after)


def _base(text: str, place: int) -> str:
    """Return the letter or symbol before a place, without its marks."""
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
