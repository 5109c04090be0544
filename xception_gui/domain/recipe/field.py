"""One field of a recipe: its allowed values, its texts, and the conversion from text to value."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


@dataclass(frozen=True, slots=True)
class Words:
    """A text with gaps that are filled after its translation."""

    template: str
    gaps: Mapping[str, object] = field(default_factory=dict)

    def said(self, tr: Callable[[str], str] = str) -> str:
        """Return the text, in English or in the language that `tr` translates to."""
        filled = {name: gap.said(tr) if isinstance(gap, Words) else gap for name, gap in self.gaps.items()}
        return tr(self.template).format(**filled)


class RecipeError(ValueError):
    """A recipe has no such field, or a field doesn't allow a value. The message is for people.

    Attributes:
        words: the message, to be translated.
        field: the name of the wrong field; "" if there is no single one.
    """

    def __init__(self, words: Words, field: str = "") -> None:
        super().__init__(words.said())
        self.words = words
        self.field = field


class Kind(Enum):
    """How a field is edited. The value is the message for wrong input."""

    WHOLE = "This must be a whole number."
    NUMBER = "This must be a number, such as 0.001 or 1e-3."
    OPTIONAL = "This must be a whole number or empty."
    CHOICE = "Choose one from the list."
    SWITCH = "Choose on or off."
    BLOCKS = "These must be block numbers, such as 12, 14."
    FILE = "This must be a file."


RANGE_TEMPLATES = {  # whether the lower limit is excluded, and the upper one (None: no upper limit)
    (False, None): "{low} or more",
    (True, None): "above {low}",
    (False, False): "from {low} to {high}",
    (False, True): "at least {low} and below {high}",
    (True, False): "above {low} and at most {high}",
    (True, True): "between {low} and {high}",
}

OUT_OF_RANGE = "{term} must be {allowed}. Received: {received}"
SOME_OF = "one or more of {choices}"


@dataclass(frozen=True, slots=True)
class Range:
    """The numbers that a field allows. Infinity and NaN are never allowed."""

    low: float
    high: float = math.inf
    without_low: bool = False
    without_high: bool = False

    def __contains__(self, number: float) -> bool:
        above = self.low < number if self.without_low else self.low <= number
        return above and (number < self.high if self._is_below else number <= self.high)

    @property
    def words(self) -> Words:
        """The range in words that follow “must be”."""
        upper = self.without_high if math.isfinite(self.high) else None
        return Words(RANGE_TEMPLATES[self.without_low, upper], {"low": self.low, "high": self.high})

    @property
    def _is_below(self) -> bool:
        return self.without_high or math.isinf(self.high)


@dataclass(frozen=True, slots=True)
class Field:
    """A row of the table of fields, which defines validation, the window's form and the command line's options."""

    name: str
    kind: Kind
    term: str  # in the window
    sentence: str  # in the window, below the term
    option: str  # in the command line's help
    takes: Range | None = None  # for numbers, where a recipe is made
    took: Range | None = None  # for numbers, in records of earlier releases, if they took more
    choices: tuple[tuple[Any, str], ...] = ()  # for choices and switches: values and their words
    blocks: tuple[int, ...] = ()  # for block numbers: those that are allowed
    only_with: str | None = None  # the only optimizer that uses the field

    @property
    def allowed(self) -> Words | None:
        """The allowed numbers in words that follow “must be”; None if the field isn't a number."""
        if self.kind is Kind.BLOCKS:
            return Words(SOME_OF, {"choices": self.text_of(self.blocks)})
        return self.takes.words if self.takes is not None else None

    def refuse(self, value: Any) -> None:
        """Check that the field allows a value of its type.

        Raises:
            RecipeError: the value isn't allowed.
        """
        self._refuse_out_of(self.takes, value)

    def refuse_unreadable(self, value: Any) -> None:
        """Make sure that a value of the field's type is one that it takes, or that it took in an earlier release.

        Raises:
            RecipeError: it is not.
        """
        self._refuse_out_of(self.took or self.takes, value)

    def _refuse_out_of(self, taken: Range | None, value: Any) -> None:
        if value is None or self.allowed is None or self._allows(taken, value):
            return
        gaps = {"term": Words(self.term), "allowed": self.allowed, "received": self.text_of(value) or "–"}
        raise RecipeError(Words(OUT_OF_RANGE, gaps), self.name)

    def _allows(self, taken: Range | None, value: Any) -> bool:
        if self.kind is Kind.BLOCKS:
            return 0 < len(value) == len(set(value).intersection(self.blocks))  # no duplicates
        return taken is None or value in taken

    def text_of(self, value: Any) -> str:
        """Write a value as a person types it; "" for None."""
        if value is None:
            return ""
        if self.kind is Kind.BLOCKS:
            return ", ".join(str(block) for block in value)
        return f"{value:g}" if isinstance(value, float) else str(value)

    def value_of(self, text: str) -> Any:
        """Convert typed text to a value, whether or not the value is in range.

        Raises:
            RecipeError: the text can't be converted; the message says what is expected.
        """
        try:
            return self._value_of(text.strip())
        except (ValueError, KeyError) as error:
            raise RecipeError(Words(self.kind.value), self.name) from error

    def _value_of(self, text: str) -> Any:
        match self.kind:
            case Kind.WHOLE:
                return int(text)
            case Kind.NUMBER:
                return float(text.replace(",", "."))
            case Kind.OPTIONAL:
                return int(text) if text else None
            case Kind.BLOCKS:
                return tuple(sorted({int(part) for part in text.replace(",", " ").split()}))
            case Kind.FILE:
                return text or None
            case Kind.CHOICE | Kind.SWITCH:
                return {str(value): value for value, _ in self.choices}[text]


def refuse_out_of_range(struct: object, fields: Iterable[Field]) -> None:
    """Check that all fields of a struct have values that are allowed, or were in an earlier release.

    Raises:
        RecipeError: a value isn't allowed.
    """
    for row in fields:
        row.refuse_unreadable(getattr(struct, row.name))
