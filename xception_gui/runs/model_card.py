"""The README.md in a run's folder: a description of the model for anyone who finds it."""

import re

from xception_gui.domain.percent import right_ones, too_few
from xception_gui.domain.recipe import PRESETS
from xception_gui.domain.runtime import runtime_title
from xception_gui.domain.visible import visible
from xception_gui.runs.schema import RunRecord

_MEANT = re.compile(r"[\\`*_{}\[\]<>#|~$:@]|&(?=\w+;)|(?<=www)\.", re.IGNORECASE)
"""Characters with a meaning in Markdown, or in GitHub's: markup, entities, formulas, addresses, mentions."""


def model_card(name: str, record: RunRecord) -> str:
    """Return the card in Markdown."""
    split, preset = record.split, PRESETS[record.recipe.preset]
    lines = [
        f"# {_escaped(name)}",
        "",
        f"An image classifier made with Xception GUI on {_escaped(record.created[:10])}.",
        "",
        f"- Classes: {', '.join(_escaped(name) for name in record.classes)}",
        f"- Recipe: {preset.title} ({preset.summary})",
        f"- Pictures: {len(split.train)} for training, {len(split.val)} for validation"
        + (f", {len(split.test)} for testing" if split.test else ""),
        f"- Input: RGB pictures, resized to {record.image_size} × {record.image_size} pixels",
        f"- Status: {record.status}",
        f"- Runtime: {_runtime(record)}",
        *_rest(record),
        *_figures(record),
        "",
        "The model always picks one of these classes, even for a picture that shows none of them. Its accuracy was",
        "measured on pictures like its training pictures; on other pictures it may be lower.",
        "",
        "`run.json` has the details, `metrics.csv` the progress of the training, `labels.txt` the classes in order.",
        "",
    ]
    return "\n".join(lines)


def _runtime(record: RunRecord) -> str:
    """Return the runtime of the model's figures and predictions, and what it was chosen by."""
    name = _escaped(runtime_title(record.runtime))
    times = [f"{_escaped(runtime_title(one))} {1000 * taken:.0f} ms" for one, taken in record.runtime_seconds.items()]
    return f"{name}; time per picture: {', '.join(times)}" if times else name


def _rest(record: RunRecord) -> list[str]:
    if record.figures is None or record.figures.rests_on is None:
        return []
    return [f"- Trained on {record.figures.rests_on} of the training pictures; the others were not read"]


def _figures(record: RunRecord) -> list[str]:
    figures = record.figures
    if figures is None:
        return []
    lines = [_measured("validation", len(record.split.val), figures.val_accuracy, figures.val_log_loss)]
    if figures.test_accuracy is not None and figures.test_log_loss is not None:
        lines.append(_measured("test", len(record.split.test), figures.test_accuracy, figures.test_log_loss))
    return lines


def _measured(part: str, pictures: int, accuracy: float, log_loss: float) -> str:
    few = (
        f" ({right_ones(accuracy, pictures)} of {pictures} correct, but too few pictures to tell)"
        if too_few(pictures)
        else ""
    )
    return f"- On {part} pictures: accuracy {accuracy:.3f}{few}, log loss {log_loss:.3f}"


def _escaped(text: str) -> str:
    """Escape a name, so that it isn't read as Markdown, HTML, an address or a mention, and hides nothing."""
    return _MEANT.sub(r"\\\g<0>", visible(" ".join(text.split())))
