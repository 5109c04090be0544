"""`forecast`: tries out on part of the training pictures what fine-tuning would bring."""

import math
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import msgspec

from xception_gui.data.dataset.checks import Picture
from xception_gui.data.dataset.split import Split, held_out, interleaved
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.estimates import FEWEST_TRIED, MOST_TRIED, TESTING, fine_tuning_seconds
from xception_gui.domain.forecast import forecast_gain
from xception_gui.domain.messages.base import Message, Phase, PhaseStarted
from xception_gui.domain.messages.training import NO_TRIAL, EpochFinished, ForecastRequest, ForecastResult, Notice
from xception_gui.domain.metrics import is_clearly_lower, log_losses
from xception_gui.domain.recipe import Hyperparameters, Recipe
from xception_gui.inference.embedder import Embedder
from xception_gui.inference.head import Head, probabilities
from xception_gui.inference.machine import available_memory
from xception_gui.inference.softmax_regression import fit_head
from xception_gui.jobs.reporting import PhaseReport, Report, Stop, raise_if_stopped
from xception_gui.jobs.training.carrying_out import open_embedder
from xception_gui.jobs.training.figures import EmbeddedPictures, embed_pictures, measure_head
from xception_gui.jobs.training.measured_precision import resolved
from xception_gui.jobs.training.mirroring import can_be_mirrored
from xception_gui.jobs.training.networks import labelled, weights_file
from xception_gui.jobs.training.place import refuse_place
from xception_gui.jobs.training.reading import read_split
from xception_gui.jobs.training.refitted_head import refitted
from xception_gui.jobs.training.trained_model import Model

EPOCHS = 3

HELD_OUT = 0.25
"""Share of the training pictures that the trial doesn't learn from."""

TRYING = 0.11
"""Passes of pictures through the network in a trial, as a share of those in the epochs of the training. The rest of the
15 % of its time that a forecast takes is spent on loading the network and fitting heads."""

PREDICTED_AT_ONCE = 32


def forecast(request: ForecastRequest, report: Report, stop: Stop) -> ForecastResult:
    """Return what fine-tuning would probably bring. Neither validation nor test pictures are used.

    Raises:
        ProgramError: what makes the training itself impossible; TRAINING_DIVERGED.
        JobStopped: `stop()` was true; embeddings computed by then stay in the cache.
    """

    def report_progress(event: Message) -> None:
        """Pass on what isn't about a training that will be kept."""
        if not isinstance(event, EpochFinished | Notice):
            report(event)

    if request.out is not None:
        refuse_place(Path(request.out), request.dataset)
    embedder = open_embedder(XCEPTION, request.recipe, report_progress)
    split, _ = read_split(request.dataset, request.recipe, request.folders, report, stop)
    if len(split.train) < FEWEST_TRIED:
        return NO_TRIAL
    inner = held_out(split.train, share=HELD_OUT, most=MOST_TRIED, seed=request.recipe.seed)
    quick, held = _quick(inner, embedder, report, stop)
    smaller = Embedder(XCEPTION, request.recipe.network_size, embedder.own)
    small, _ = _quick(inner, smaller, report, stop)
    needs_details = is_clearly_lower(quick.unseen_losses, small.unseen_losses)
    recipe = request.recipe.suited(needs_details=needs_details)
    tried = _affordable(inner, recipe)
    start, before = _quick(tried, quick.embedder if recipe.network_size == recipe.image_size else smaller, report, stop)
    held, before = _read_each_time(inner, held, before)
    try:
        head, after, seconds = _after_trial(tried, quick, start, recipe, report_progress, stop)
        held, before, after = _read_each_time(inner, held, before, after)
        gain = forecast_gain(
            probabilities(quick.head, held.embeddings).argmax(axis=1) == held.labels,
            log_losses(probabilities(start.head, before.embeddings), before.labels),
            log_losses(probabilities(head, after.embeddings), after.labels),
        )
    except FloatingPointError as error:
        rate = recipe.hyperparameters.learning_rate
        raise ProgramError(ErrorCode.TRAINING_DIVERGED, learning_rate=rate) from error
    whole = fine_tuning_seconds(recipe, len(split.train), len(split.val), seconds)
    return ForecastResult(gain.low, gain.high, len(held), whole)


def _affordable(inner: Split, recipe: Recipe) -> Split:
    """Return the split with fewer pictures to learn from, if all would take more than a trial's share of the time."""
    passes = TRYING * recipe.hyperparameters.epochs * (len(inner.train) + len(inner.val)) - TESTING * len(inner.val)
    share = passes / (EPOCHS + TESTING) / len(inner.train)
    of_class = defaultdict(list)
    for picture in interleaved(inner.train, recipe.seed):
        of_class[picture.class_name].append(picture)
    learned = [one for pictures in of_class.values() for one in pictures[: max(2, math.ceil(share * len(pictures)))]]
    return Split(tuple(learned), inner.val, ())


def _quick(inner: Split, embedder: Embedder, report: Report, stop: Stop) -> tuple[Model, EmbeddedPictures]:
    """Fit Quick's head on the pictures to learn from. Also returns the embeddings of those that were held out."""
    progress = PhaseReport(report, Phase.EMBEDDING, len(inner.train) + len(inner.val))
    held = embed_pictures(inner.val, inner.classes, embedder, progress, stop)
    learned = embed_pictures(inner.train, inner.classes, embedder, progress, stop)
    report(PhaseStarted(Phase.FITTING))
    fit = fit_head(learned.architecture, learned.embeddings, learned.labels, len(inner.classes), stop=stop)
    validation = measure_head(fit.head, held)
    model = Model(fit.head, embedder, validation, stopped=False, strength=fit.strength, unseen_losses=fit.unseen_losses)
    return model, held


def _after_trial(
    inner: Split, quick: Model, start: Model, recipe: Recipe, report: Report, stop: Stop
) -> tuple[Head, EmbeddedPictures, float]:
    """Train a network briefly. Returns its head, its embeddings of the pictures held out, and the seconds a picture of
    a step.

    Raises:
        FloatingPointError: its outputs aren't finite.
    """
    from xception_gui.finetune.devices import accelerators
    from xception_gui.finetune.network import head_of, starting_network
    from xception_gui.finetune.trial import embed_with, learn_briefly

    training = _brief(resolved(recipe.hyperparameters, report, stop))
    architecture, size = start.embedder.architecture, start.embedder.image_size
    learned = labelled(inner.train, inner.classes)
    mirrored = can_be_mirrored(quick, inner, stop)
    report(PhaseStarted(Phase.LOADING))
    network = starting_network(
        architecture,
        size,
        training.head_blocks,
        len(inner.classes),
        weights=weights_file(recipe),
        head=start.head if recipe.starts_from_quick else None,
        seed=recipe.seed,
        precision=training.precision,
    )
    report(PhaseStarted(Phase.TRAINING, training.epochs * len(learned)))
    seconds = learn_briefly(
        network,
        training,
        learned,
        image_size=size,
        seed=recipe.seed,
        mirrored=mirrored,
        available_memory=None if accelerators() else available_memory(),
        report=report,
        stop=stop,
    )
    raise_if_stopped(stop)
    report(PhaseStarted(Phase.TESTING))

    def embedded(part: Sequence[Picture]) -> EmbeddedPictures:
        data = labelled(part, inner.classes)
        embeddings, numbers = embed_with(network, data, batch_size=PREDICTED_AT_ONCE, image_size=size)
        return EmbeddedPictures(architecture, embeddings, data.labels[numbers], tuple(part[one] for one in numbers))

    head = head_of(architecture, network, training.head_blocks)
    if start.strength is not None:
        head = refitted(head, embedded(inner.train), start.strength)
    return head, embedded(inner.val), seconds


def _read_each_time(inner: Split, *parts: EmbeddedPictures) -> list[EmbeddedPictures]:
    """Return the pictures held out that could be read each time, as in all of `parts`.

    Raises:
        ProgramError: PICTURES_GONE, that isn't half of them, or not of each class.
    """
    names = set.intersection(*({picture.relative for picture in part.pictures} for part in parts))
    classes = {picture.class_name for picture in inner.val if picture.relative in names}
    if len(names) < len(inner.val) / 2 or classes != {picture.class_name for picture in inner.val}:
        raise ProgramError(ErrorCode.PICTURES_GONE)
    return [part.among(names) for part in parts]


def _brief(training: Hyperparameters) -> Hyperparameters:
    return msgspec.structs.replace(training, epochs=EPOCHS, early_stopping=0)
