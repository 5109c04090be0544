"""The texts of the page Train about a training."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from xception_gui.domain.messages.base import Phase
from xception_gui.domain.run_state import LogEntry, RunState
from xception_gui.ui.kit import texts
from xception_gui.ui.train.past_training import UNKNOWN


def tr(text: str) -> str:
    """Translate a text of this file."""
    return QCoreApplication.translate("TrainPage", text)


def title(state: RunState) -> str:
    """Return the name of the model, and how its training is or ended."""
    name = Path(state.run).name
    if state.failure is not None:
        return tr("Training “{name}” failed").format(name=name)
    if state.ended and (state.result is None or state.result.stopped):
        return tr("Training “{name}” was stopped").format(name=name)
    if state.ended:
        return tr("“{name}” is ready").format(name=name)
    return tr("Training “{name}”").format(name=name)


def subtitle(state: RunState) -> str:
    """Return recipe, epoch, and numbers of pictures and classes."""
    parts = [texts.preset_name(state.recipe.preset)]
    if state.planned_epochs and state.batches and state.is_running:
        epoch = state.batches[-1].epoch
        parts.append(tr("epoch {n} of {m}").format(n=epoch, m=state.planned_epochs))
    if state.train_images:
        pictures = texts.number(state.train_images + state.val_images)
        known = tr("{n} pictures, {k} classes") if state.classes else tr("{n} pictures")
        parts.append(known.format(n=pictures, k=len(state.classes)))
    return " · ".join(parts)


def phase_words(state: RunState) -> str:
    """Return what the training is doing, or how it ended."""
    if state.failure is not None:
        return tr("Training failed.")
    if state.ended:
        took = texts.duration(state.result.seconds if state.result else state.now - state.began)
        if state.result is None:
            return tr("Stopped before there was a model to keep.")
        done = tr("Stopped after {time}. The best model was kept.")
        return (done if state.result.stopped else tr("Finished in {time}.")).format(time=took)
    if state.stop_asked:
        return tr("Stopping and keeping the best model…")
    if state.phase is None:
        return tr("Starting…")
    if state.phase is Phase.TRAINING and state.batches:
        last = state.batches[-1]
        return tr("Epoch {e} · batch {n} of {m}").format(e=last.epoch, n=last.step, m=last.steps)
    if state.total:
        of = tr("{n} of {m}").format(n=texts.number(state.done), m=texts.number(state.total))
        return f"{texts.phase_name(state.phase)} · {of}"
    return f"{texts.phase_name(state.phase)}…"


def log_lines(state: RunState, start: int = 0) -> list[str]:
    """Return the log as lines, from the entry `start` on."""
    return [_line(entry, state.val_images) for entry in state.log[start:]]


def _line(entry: LogEntry, val_images: int) -> str:
    words = texts.log_line(entry.event, val_images)
    return f"{texts.clock(entry.time)}  {words}" if entry.time != UNKNOWN else words
