"""Texts for what engines report, and numbers for people. Everything is translated here or in a page."""

import math
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from xception_gui.domain.errors import Finding, ProgramError, system_finding
from xception_gui.domain.learning_curve import cases, outlook_cases
from xception_gui.domain.messages.base import Details, Event, Failed, Finished, Phase, PhaseStarted, Stopped
from xception_gui.domain.messages.dataset import DatasetChecked, DatasetSplit, LeftOut, Problem
from xception_gui.domain.messages.models import RunSummary
from xception_gui.domain.messages.training import (
    BatchFinished,
    EpochFinished,
    ForecastResult,
    LearningOutlook,
    Notice,
    TrainResult,
)
from xception_gui.domain.percent import percentage, right_ones, too_few
from xception_gui.domain.recipe import PRESETS, Preset
from xception_gui.domain.run_state import RunState
from xception_gui.domain.runtime import RuntimeChoice
from xception_gui.domain.visible import visible, without_hidden
from xception_gui.words import errors, findings, forecasts, notices, phases, problems, reasons, runtimes
from xception_gui.words.errors import Text

LONGEST_NAME = 24
"""Letters of the name of a class within a sentence."""

NO_FIGURE = "–"


def tr(text: str) -> str:
    """Translate a text of this file."""
    return QCoreApplication.translate("texts", text)


def translated(text: str) -> str:
    """Translate a text of the tables in `words/`."""
    return QCoreApplication.translate("words", text)


def phase_name(phase: Phase) -> str:
    """Return what a job is doing."""
    return phases.phase_text(phase, translated)


def forecast_text(forecast: ForecastResult) -> str:
    """Return what fine-tuning would probably bring."""
    return forecasts.forecast_text(forecast, translated)


def recipe_of_model(run: RunSummary) -> str:
    """Name the recipe of a model, and say if fine-tuning ended with Quick's model."""
    name = preset_name(run.preset)
    return tr("{recipe}, Quick's model kept").format(recipe=name) if run.kept_quick else name


def preset_name(preset: str) -> str:
    """Name a recipe."""
    if preset not in list(Preset):  # of a later release
        return preset
    return QCoreApplication.translate("recipe_fields", PRESETS[Preset(preset)].title)


def failure_text(failure: Failed) -> Text:
    """Return a failure in the person's language: what, why, what to do. Each is one line."""
    return errors.failure_text(failure, translated)


def error_text(error: ProgramError) -> Text:
    """Return the same for a failure in the window itself."""
    return failure_text(Failed(error.code, error.details))


def system_text(error: OSError) -> str:
    """Return why the system has refused something, as it stands within a sentence."""
    return findings.finding_text(system_finding(error), {}, translated)


def broken_text(run: RunSummary) -> str:
    """Return why a run can't be opened, empty if it can."""
    return errors.broken_text(run, translated)


def refusal_text(code: str, details: Details) -> str:
    """Return why a picture can't be used."""
    return reasons.refusal_text(code, details, translated)


def finding_text(found: Finding) -> str:
    """Return what is wrong with the name of a model."""
    return findings.finding_text(found, {}, translated)


def part_name(part: str, folder: str) -> str:
    """Say for which part of a data set a folder is used."""
    names = {
        "train": tr("“{name}” for training"),
        "val": tr("“{name}” for validation"),
        "test": tr("“{name}” for testing"),
    }
    return names[part].format(name=shortened(visible(folder), LONGEST_NAME))


def reason_text(file: LeftOut) -> str:
    """Return why a file was skipped."""
    return reasons.reason_text(file, translated)


def reason_name(code: str, count: int) -> str:
    """Return what `count` skipped files are, in a few words."""
    return reasons.reason_name(code, count, translated)


def problem_text(problem: Problem) -> str:
    """Return what a person should know about a data set."""
    return problems.problem_text(problem, translated)


def percent(share: float, digits: int = 0) -> str:
    """Format a share of 0..1 as a percentage by the rule of `domain/percent.py`; a dash for anything else."""
    told = percentage(share, digits)
    return NO_FIGURE if told is None else f"{told.bound}{QLocale().toString(told.value, 'f', told.digits)} %"


def share_of(share: float, pictures: int) -> str:
    """Format a share of pictures: as a count for few pictures, where a percentage would promise too much."""
    if not too_few(pictures) or percentage(share) is None:
        return percent(share)
    return tr("{n} of {all}").format(n=number(right_ones(share, pictures)), all=number(pictures))


def accuracy(share: float, pictures: int) -> str:
    """Format an accuracy finely enough to compare epochs; for few pictures, as a count.

    Args:
        share: 0..1.
        pictures: used for measuring; 0 if unknown.
    """
    return share_of(share, pictures) if pictures and too_few(pictures) else percent(share, 1)


def right_on_new(accuracy: float, pictures: int) -> str:
    """Return how good a model is, or that pictures were too few to tell.

    Args:
        accuracy: 0..1.
        pictures: used for measuring; 0 if unknown, as in other people's records.
    """
    if not pictures or not too_few(pictures):
        return tr("{a} correct on validation pictures").format(a=percent(accuracy))
    return tr("{a} validation pictures correct, but too few to tell").format(a=share_of(accuracy, pictures))


def number(value: int) -> str:
    """Format a count with thousands separators."""
    return QLocale().toString(value)


def loss(value: float) -> str:
    """Format a loss with three significant digits; a dash if it is negative or not finite."""
    if not (math.isfinite(value) and value >= 0):
        return NO_FIGURE
    return QLocale().toString(float(value), "f", 2 if value >= 0.995 else 3)


def size(count: int) -> str:
    """Format a number of bytes with at most three significant digits."""
    thousands = max(0, len(str(count)) - 1) // 3
    is_short = count >= 1_000_000 and count < 100 * 1000**thousands
    return QLocale().formattedDataSize(count, 1 if is_short else 0, QLocale.DataSizeFormat.DataSizeSIFormat)


def duration(seconds: float) -> str:
    """Format a duration; minutes are precise enough for hours, and days for more than two of them."""
    if not math.isfinite(seconds):
        return tr("very long")
    whole = max(1, round(seconds))
    if whole < 60:
        return tr("{n} s").format(n=whole)
    if whole < 600:
        return (
            tr("{m} min {s} s").format(m=whole // 60, s=whole % 60)
            if whole % 60
            else tr("{m} min").format(m=whole // 60)
        )
    if whole < 3570:
        return tr("{m} min").format(m=round(whole / 60))
    if whole >= 48 * 3600:
        return tr("{n} days").format(n=round(whole / 86_400))
    hours, minutes = divmod(max(whole, 3600) // 60, 60)
    return tr("{h} h {m} min").format(h=hours, m=minutes) if minutes else tr("{h} h").format(h=hours)


def about(seconds: float) -> str:
    """Format an estimated duration, rounded to its precision."""
    if not math.isfinite(seconds):
        return duration(seconds)
    step = 1 if seconds < 10 else 5 if seconds < 60 else 15 if seconds < 300 else 60
    return tr("about {time}").format(time=duration(max(1, round(seconds / step) * step)))


def date(iso: str) -> str:
    """Format a date and time given in ISO 8601; today and yesterday with the time."""
    try:
        when = datetime.fromisoformat(iso).astimezone()
    except (ValueError, OverflowError, OSError):  # no time, or one out of range
        return iso
    moment = QDateTime.fromSecsSinceEpoch(int(when.timestamp()))
    days = moment.daysTo(QDateTime.currentDateTime())
    clock = without_hidden(QLocale().toString(moment.time(), QLocale.FormatType.ShortFormat))
    if days == 0:
        return tr("today {time}").format(time=clock)
    if days == 1:
        return tr("yesterday {time}").format(time=clock)
    # In Arabic the text has direction marks, which labels would write out.
    return without_hidden(QLocale().toString(moment.date(), QLocale.FormatType.ShortFormat))


def clock(seconds: float) -> str:
    """Format seconds since 1970 as a time of day."""
    return time.strftime("%H:%M:%S", time.localtime(seconds))


def end_of_training(state: RunState) -> tuple[str, str]:
    """Return a title and a sentence on how a training ended."""
    name = Path(state.run).name
    if state.failure is not None:
        return tr("Training “{name}” failed").format(name=name), failure_text(state.failure).what
    if state.result is None:
        return tr("Training “{name}” was stopped").format(name=name), ""
    return tr("“{name}” is ready").format(name=name), right_on_new(state.result.val_accuracy, state.result.val_images)


def knowledge_text(fit: EpochFinished, classes: Sequence[str], val_images: int, *, is_last: bool) -> str:
    """Return how well a model tells its classes apart by now.

    Args:
        fit: of the head on the pictures read so far.
        classes: names of the classes.
        val_images: number of validation pictures.
        is_last: whether all pictures have been read.
    """
    if is_last:
        when = tr("after all {n} pictures").format(n=number(fit.images))
    else:
        when = tr("after {n} pictures").format(n=number(fit.images))
    if too_few(val_images):
        said = tr("Correct on {a} of {b} validation pictures {when}: too few to tell how good the model is.")
        right = right_ones(fit.val_accuracy, val_images)
        return said.format(a=number(right), b=number(val_images), when=when)
    often = _how_often(*cases(fit.val_accuracy, val_images))
    if len(classes) != 2:
        text = tr("Picks the right one of {k} classes {often}, {when}.")
        return text.format(k=number(len(classes)), often=often, when=when)
    one, other = (shortened(visible(name), LONGEST_NAME) for name in classes)
    return tr("Tells {one} from {other} {often}, {when}.").format(one=one, other=other, often=often, when=when)


def _how_often(count: int, among: int) -> str:
    """Say “96 % of the time”, or “8 times out of 10” where a percentage would promise too much."""
    if among == 100:
        return tr("{p} of the time").format(p=percent(count / among))
    text = tr("1 time out of {b}") if count == 1 else tr("{a} times out of {b}")
    return text.format(a=number(count), b=number(among))


def outlook_text(foretold: LearningOutlook) -> str:
    """Return what twice as many pictures would bring, and for which class."""
    now, low, high, among = (number(count) for count in outlook_cases(foretold))
    text = tr(
        "With twice as many pictures, {low} to {high} of {all} predictions would probably be correct, instead of {now}."
    )
    if low == high:
        text = tr(
            "With twice as many pictures, {low} of {all} predictions would probably be correct, instead of {now}."
        )
    said = text.format(low=low, high=high, all=among, now=now)
    if foretold.class_name is None:
        return said
    most = tr("More pictures of “{name}” would help most.")
    return f"{said} {most.format(name=shortened(visible(foretold.class_name), LONGEST_NAME))}"


def notice_text(notice: Notice) -> str:
    """Return the text of a notice."""
    return notices.notice_text(notice, translated)


def runtime_text(choice: RuntimeChoice) -> str:
    """Return which runtime new models use on this computer, and why."""
    return runtimes.runtime_text(choice, translated)


def shortened(name: str, most: int) -> str:
    """Remove the middle of a name that is longer than `most` letters: lines can't break within a name."""
    if len(name) <= most:
        return name
    end = (most - 1) // 2
    return f"{name[: most - 1 - end]}…{name[len(name) - end :]}"


def log_line(event: Event, val_images: int = 0) -> str:
    """Return an event as one line of the log.

    Args:
        event: of a training.
        val_images: number of validation pictures; 0 if unknown.
    """
    return visible(_in_words(event, val_images))


def _in_words(event: Event, val_images: int) -> str:
    match event:
        case PhaseStarted(phase=phase, total=total):
            return f"{phase_name(phase)} ({number(total)})" if total else phase_name(phase)
        case DatasetChecked(classes=classes, left_out=left_out):
            found = tr("Found {n} pictures in {k} classes.").format(n=number(sum(classes.values())), k=len(classes))
            return f"{found} {_skipped(len(left_out))}" if left_out else found
        case DatasetSplit(train_images=train, val_images=val, test_images=test):
            text = tr("Training on {n} pictures, validating on {v}.")
            if test:
                text = tr("Training on {n} pictures, validating on {v}, testing on {t} at the end.")
            return text.format(n=number(train), v=number(val), t=number(test))
        case EpochFinished():
            return _epoch_line(event, val_images)
        case LearningOutlook():
            return outlook_text(event)
        case Notice():
            return notice_text(event)
        case Finished(result=TrainResult() as result) | Stopped(result=TrainResult() as result):
            kept = tr("Model saved: validation accuracy {a}, log loss {l}.")
            return kept.format(a=accuracy(result.val_accuracy, result.val_images), l=loss(result.val_log_loss))
        case Finished() | Stopped():
            return tr("Stopped before there was a model to save.")
        case Failed():
            return str(failure_text(event))
        case BatchFinished():
            return ""
    return ""


def _skipped(files: int) -> str:
    return tr("1 file was skipped.") if files == 1 else tr("{n} files were skipped.").format(n=number(files))


def _epoch_line(event: EpochFinished, val_images: int) -> str:
    figures = tr("validation accuracy {a}, log loss {l}").format(
        a=accuracy(event.val_accuracy, val_images), l=loss(event.val_loss)
    )
    if event.learning_rate is None and event.epoch > 0:
        if event.preliminary:
            return tr("After {n} pictures: {figures}").format(n=number(event.images), figures=figures)
        return tr("Trained on {n} pictures: {figures}").format(n=number(event.images), figures=figures)
    if event.epoch == 0:
        return tr("Before training: {figures}").format(figures=figures)
    best = tr(" (best epoch so far)") if event.best else ""
    return tr("Epoch {n} finished: {figures}").format(n=event.epoch, figures=figures) + best
