"""What `--json` prints: results as documented in docs/formats.md, with codes turned into sentences."""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec.structs import replace

from xception_gui.domain.messages.base import Details, JobResult, plain
from xception_gui.domain.messages.dataset import CheckResult, LeftOut, Problem
from xception_gui.domain.messages.using import EvaluateResult, PicturePredicted
from xception_gui.domain.predictions import PicturePrediction, ranked
from xception_gui.words.filling import fill_in
from xception_gui.words.problems import problem_text
from xception_gui.words.reasons import reason_text, refusal_text


def document_of(result: JobResult) -> dict[str, Any]:
    """Return the JSON document of a result."""
    fields = plain(_in_words(result))
    del fields["type"]
    return fields


def named(
    predictions: Iterable[PicturePredicted], classes: Sequence[str], most: int | None = None
) -> list[PicturePrediction]:
    """Return predictions with class names, the most probable first, and with a sentence for each unreadable picture.

    Args:
        predictions: as the job reported them.
        classes: names, in the order of the probabilities.
        most: number of classes kept per picture; None: all.
    """
    return [
        PicturePrediction(
            told.path,
            ranked(classes, told.probabilities, most),
            refusal_text(told.error, {"detail": told.detail}) if told.error is not None else None,
        )
        for told in predictions
    ]


def _in_words(result: JobResult) -> JobResult:
    match result:
        case CheckResult():
            problems = tuple(map(_problem_in_words, result.problems))
            return replace(result, left_out=_reasons_in_words(result.left_out), problems=problems)
        case EvaluateResult():
            return replace(result, left_out=_reasons_in_words(result.left_out))
    return result


def _reasons_in_words(left_out: Iterable[LeftOut]) -> tuple[LeftOut, ...]:
    return tuple(replace(file, reason=reason_text(file)) for file in left_out)


def _problem_in_words(problem: Problem) -> Problem:
    details: Details = {name: fill_in("{it}", {"it": detail}) for name, detail in problem.details.items()}
    return replace(problem, message=problem_text(problem), details=details)
