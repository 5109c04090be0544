"""The README.md in a run's folder: what the model is, for whoever finds it."""

from xception_gui.domain.visible import visible
from xception_gui.runs.schema import RunRecord

_RECIPES = {
    "quick": "Quick: softmax regression on embeddings of a pretrained Xception",
    "fine-tune": "Fine-tune: all of Xception trained on, from Quick's head",
    "tutorial": "Tutorial: all of Xception trained by SGD with a fresh head",
}


def model_card(name: str, record: RunRecord) -> str:
    """Write the card in Markdown."""
    split = record.split
    lines = [
        f"# {_escaped(name)}",
        "",
        f"An image classifier made with Xception GUI on {_escaped(record.created[:10])}.",
        "",
        f"- Tells apart: {', '.join(_escaped(name) for name in record.classes)}",
        f"- Recipe: {_RECIPES[record.recipe.preset]}",
        f"- Pictures: {len(split.train)} learned from, {len(split.val)} kept for validation"
        + (f", {len(split.test)} for the test" if split.test else ""),
        f"- Input: RGB pictures, stretched to {record.image_size} × {record.image_size} pixels",
        f"- Status: {record.status}",
        *_rest(record),
        *_figures(record),
        "",
        "It says which of these classes fits best, also for pictures that show none of them. It was measured on",
        "pictures like those that it learned from; on others it may be worse.",
        "",
        "`run.json` holds the details, `metrics.csv` the course of the training, `labels.txt` the classes in order.",
        "",
    ]
    return "\n".join(lines)


def _rest(record: RunRecord) -> list[str]:
    if record.figures is None or record.figures.rests_on is None:
        return []
    return [f"- It rests on {record.figures.rests_on} of the pictures to learn from: the others were not read"]


def _figures(record: RunRecord) -> list[str]:
    figures = record.figures
    if figures is None:
        return []
    lines = [f"- On the validation pictures: accuracy {figures.val_accuracy:.3f}, log loss {figures.val_log_loss:.3f}"]
    if figures.test_accuracy is not None and figures.test_log_loss is not None:
        lines.append(
            f"- On the test pictures: accuracy {figures.test_accuracy:.3f}, log loss {figures.test_log_loss:.3f}"
        )
    return lines


def _escaped(text: str) -> str:
    """Keep a name from being read as Markdown or HTML, or from hiding anything."""
    return "".join(f"\\{letter}" if letter in r"\`*_{}[]<>#|" else letter for letter in visible(" ".join(text.split())))
