"""Jobs' functions on whole networks. They import Keras when they are called; no other job does."""

import hashlib
import importlib
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from xception_gui import paths
from xception_gui.data.cache.folders import keep_within_share
from xception_gui.data.dataset.checks import Picture
from xception_gui.data.dataset.split import Split
from xception_gui.diagnostics import logger
from xception_gui.domain.architecture import Architecture
from xception_gui.domain.class_weights import unequal_classes
from xception_gui.domain.errors import ErrorCode, JobStopped, ProgramError, cannot_write
from xception_gui.domain.messages.base import Phase, PhaseStarted
from xception_gui.domain.messages.training import Notice, NoticeCode
from xception_gui.domain.metrics import Measured, is_as_good, log_losses, measure_probabilities, paired_range
from xception_gui.domain.recipe import Augmentation, Hyperparameters, Recipe
from xception_gui.files.atomic import replacing
from xception_gui.files.deletion import make_folder, temporary_folder
from xception_gui.files.own_names import CONVERTED
from xception_gui.inference.embedder import Embedder
from xception_gui.inference.head import Head, probabilities
from xception_gui.inference.machine import available_memory
from xception_gui.jobs.reporting import PhaseReport, Report, Stop, never
from xception_gui.jobs.training.figures import EmbeddedPictures, embed_pictures
from xception_gui.jobs.training.measured_precision import resolved
from xception_gui.jobs.training.mirroring import can_be_mirrored
from xception_gui.jobs.training.refitted_head import refitted
from xception_gui.jobs.training.trained_model import Model
from xception_gui.runs.checkpoint import Checkpoint, CheckpointError
from xception_gui.runs.run_folder import RunFolder
from xception_gui.runs.schema import is_on_this_computer

if TYPE_CHECKING:
    from xception_gui.finetune.batches import LabelledFiles


def require_keras() -> None:
    """Load Keras, so that its absence is reported before any work is done.

    Raises:
        ProgramError: KERAS_MISSING.
    """
    try:
        importlib.import_module("xception_gui.finetune.training")
        importlib.import_module("tensorflow")
    except ImportError as error:
        backend = os.environ.get("KERAS_BACKEND", "tensorflow")
        raise ProgramError(ErrorCode.KERAS_MISSING, found=f"{error} (KERAS_BACKEND is {backend})") from error


def weights_file(recipe: Recipe) -> Path | None:
    """Return the file of the weights that a recipe starts from; None for random weights.

    Raises:
        ProgramError: WEIGHTS_NOT_FOUND, WEIGHTS_DAMAGED.
    """
    from xception_gui.finetune.weights_file import open_weights

    if recipe.has_random_weights:
        return None
    path = paths.shipped_weights() if recipe.weights is None else Path(recipe.weights)
    if not is_on_this_computer(str(path)):  # for example in a model that was trained elsewhere
        raise ProgramError(ErrorCode.WEIGHTS_NOT_FOUND, path=path)
    open_weights(path).close()
    return path


def refuse_weights(weights: Path) -> None:
    """Check that a file holds weights of Xception, before any work is done.

    Raises:
        ProgramError: KERAS_MISSING, WEIGHTS_NOT_FOUND, WEIGHTS_DAMAGED, WEIGHTS_OF_ANOTHER_NETWORK.
    """
    require_keras()
    from xception_gui.finetune.weights import read_weights

    read_weights(weights)


def backbone_from_weights(architecture: Architecture, weights: Path, report: Report) -> Path:
    """Convert a weights file into a backbone, or return the one that was converted before.

    Raises:
        ProgramError: KERAS_MISSING, WEIGHTS_NOT_FOUND, WEIGHTS_DAMAGED, WEIGHTS_OF_ANOTHER_NETWORK, CANNOT_WRITE.
    """
    from xception_gui.finetune.weights_file import open_weights

    with open_weights(weights) as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    path = paths.cache_folder() / "backbones" / f"{sha256}.tflite"
    if path.exists() and _is_sound(architecture, path):
        return path
    report(Notice(NoticeCode.OWN_BACKBONE, {"file": weights.name}))
    report(PhaseStarted(Phase.CONVERTING))
    require_keras()
    from xception_gui.finetune.convert import write_backbone_from_weights

    try:
        make_folder(path.parent, parents=True)
        keep_within_share("backbones")
        with replacing(path) as temporary:
            write_backbone_from_weights(architecture, weights, temporary)
    except OSError as error:
        raise cannot_write(path, error) from error
    return path


def _is_sound(architecture: Architecture, backbone: Path) -> bool:
    """Return whether a cached file is a valid backbone; if not, it is converted again."""
    from xception_gui.inference.own_backbone import in_shipped_network

    try:
        in_shipped_network(architecture, backbone)
    except ProgramError as error:
        logger.warning("The network %s is converted again: %s", backbone, error)
        return False
    return True


def train_network(
    run: RunFolder,
    split: Split,
    architecture: Architecture,
    recipe: Recipe,
    quick: Model | None,
    start: Head | None,
    report: Report,
    stop: Stop,
    leave: Stop,
) -> Model:
    """Train a network, convert its best weights and measure the result.

    Args:
        run: where `backbone.tflite` and `model.keras` are written.
        split: the pictures.
        architecture: of the network.
        recipe: one that trains the network.
        quick: the model to beat; it counts as epoch 0, and is kept if the trained network is worse.
        start: the head to start from; a random one if None.
        report: called with progress and notices.
        stop: called after each step.
        leave: once stopped, whether the training is left as it was saved instead of being finished.

    Raises:
        JobStopped: stopped before anything was saved, or before the first step with no model to start from; or left.
        ProgramError: see `finetune.training.fit_network`.
    """
    from xception_gui.finetune import training as loop
    from xception_gui.finetune.devices import accelerators
    from xception_gui.finetune.network import head_of, starting_network

    checkpoint = Checkpoint(run.checkpoint)
    training = _training(recipe.hyperparameters, checkpoint, report, stop)
    _tell_unequal_classes(split, training, report)
    varies = training.augment is Augmentation.VARIED and checkpoint.progress() is None
    report(PhaseStarted(Phase.LOADING))
    network = starting_network(
        architecture,
        recipe.network_size,
        training.head_blocks,
        len(split.classes),
        weights=weights_file(recipe),
        head=start,
        seed=recipe.seed,
        precision=training.precision,
    )
    try:
        outcome = loop.fit_network(
            network,
            training,
            labelled(split.train, split.classes),
            labelled(split.val, split.classes),
            image_size=recipe.network_size,
            seed=recipe.seed,
            mirrored=quick is not None and varies and can_be_mirrored(quick, split, stop),
            start=quick.validation if quick else None,
            checkpoint=checkpoint,
            available_memory=None if accelerators() else available_memory(),
            report=report,
            stop=stop,
        )
    except CheckpointError as error:
        raise run.damaged(run.checkpoint, error) from error
    if (outcome.stopped and leave()) or (outcome.best_epoch is None and not outcome.any_step):
        raise JobStopped
    if outcome.best_epoch is None:
        report(Notice(NoticeCode.NO_EPOCH))
    best_epoch = outcome.best_epoch
    model = None
    if best_epoch != 0:
        head = head_of(architecture, network, training.head_blocks)
        strength = None if quick is None or outcome.stopped else quick.strength
        model = _converted(run, network, head, split, recipe, quick, report, strength)
    if model is None:
        assert quick is not None
        report(Notice(NoticeCode.QUICK_KEPT))
        write_keras_model(run.keras_model, recipe.image_size, quick.head, weights_file(recipe))
        model, best_epoch = quick, 0
    return replace(
        model,
        epochs=outcome.epochs,
        best_epoch=best_epoch,
        stopped=outcome.stopped,
        precision=training.precision,
    )


def _training(training: Hyperparameters, checkpoint: Checkpoint, report: Report, stop: Stop) -> Hyperparameters:
    """Return the hyperparameters with the precision that the training was started in, or will use."""
    progress = checkpoint.progress()
    if progress is None:
        return resolved(training, report, stop)
    return msgspec.structs.replace(training, precision=progress.precision)


def _tell_unequal_classes(split: Split, training: Hyperparameters, report: Report) -> None:
    counts = Counter(picture.class_name for picture in split.train)
    found = unequal_classes(counts, weighted=training.class_weights)
    if found is not None:
        report(Notice(NoticeCode.UNEQUAL_CLASSES, found))


def write_keras_model(path: Path, image_size: int, head: Head, weights: Path | None) -> None:
    """Write a network with the weights of a file and with `head` as one `.keras` file.

    Raises:
        ProgramError: KERAS_MISSING, and errors of the weights.
    """
    require_keras()
    from xception_gui.finetune import convert
    from xception_gui.finetune.network import starting_network

    network = starting_network(head.architecture, image_size, head.blocks, len(head.bias), weights=weights)
    with replacing(path) as temporary:
        convert.write_keras_model(network, temporary, image_size=image_size, head=head)


def _converted(
    run: RunFolder,
    network: Any,
    head: Head,
    split: Split,
    recipe: Recipe,
    to_beat: Model | None,
    report: Report,
    strength: float | None,
) -> Model | None:
    """Write the files for prediction and measure the model; None, with nothing kept, if it is worse than `to_beat`.

    A few validation pictures can't tell small differences, and where they tell none, a trained network was better on
    new pictures far more often than Quick: so it is only given up if it is worse by more than the standard error.

    Args:
        run: where the files are written.
        network: with its best weights.
        head: that was trained with it.
        split: the pictures.
        recipe: of the training.
        to_beat: Quick's model, if there is one.
        report: called with progress, and with what training brought.
        strength: L2, with which the head is fitted again; None: it isn't.

    Raises:
        ProgramError: TRAINING_DIVERGED, its outputs aren't finite, and there is no other model.
    """
    from xception_gui.finetune import convert

    image_size = recipe.network_size
    report(PhaseStarted(Phase.CONVERTING))
    Checkpoint(run.checkpoint).make_folder()
    with temporary_folder(run.checkpoint, ".converting-", CONVERTED) as folder:
        backbone = folder / run.backbone.name
        convert.write_backbone_of(head.architecture, network, backbone, image_size=image_size)
        said = _validated(head, split, Embedder(head.architecture, image_size, backbone), report, strength)
        if to_beat is not None and not (said and _is_as_good(to_beat, said, split, report)):
            return None
        if said is None:
            raise ProgramError(ErrorCode.TRAINING_DIVERGED, learning_rate=recipe.hyperparameters.learning_rate)
        run.refuse_another()
        with replacing(run.keras_model) as temporary:
            convert.write_keras_model(network, temporary, image_size=image_size, head=said.head)
        backbone.replace(run.backbone)
    return Model(said.head, Embedder(head.architecture, image_size, run.backbone), said.measured, stopped=False)


@dataclass(frozen=True, slots=True)
class _Validated:
    """What a model says about the validation pictures that could be read."""

    head: Head
    probabilities: NDArray[np.float32]  # (N, classes)
    labels: NDArray[np.int64]  # (N,)
    pictures: tuple[Picture, ...]  # N

    @property
    def measured(self) -> Measured:
        return measure_probabilities(self.probabilities, self.labels)


def _validated(
    head: Head, split: Split, embedder: Embedder, report: Report, strength: float | None
) -> _Validated | None:
    """Let a trained network classify the validation pictures; None if its outputs aren't finite."""
    refits = strength is not None
    progress = PhaseReport(report, Phase.TESTING, len(split.val) + refits * len(split.train))
    try:
        validation = embed_pictures(split.val, split.classes, embedder, progress, never)
        lost = len(validation.lost)
        if strength is not None:
            training = embed_pictures(split.train, split.classes, embedder, progress, never)
            lost += len(training.lost)
            head = refitted(head, training, strength) if _has_most_of_each_class(training, split) else head
        said = probabilities(head, validation.embeddings)
    except FloatingPointError:
        return None
    except ProgramError as error:
        if error.code is ErrorCode.BACKBONE_UNUSABLE:
            return None
        raise
    if lost:
        pictures = len(split.val) + refits * len(split.train)
        report(Notice(NoticeCode.PICTURES_CHANGED, {"missing": lost, "pictures": pictures}))
    return _Validated(head, said, validation.labels, validation.pictures)


def _has_most_of_each_class(training: EmbeddedPictures, split: Split) -> bool:
    """Return whether a head fitted to the training pictures that could still be read would know all classes: not if
    the folder of one was moved away during the training."""
    found = Counter(picture.class_name for picture in training.pictures)
    wanted = Counter(picture.class_name for picture in split.train)
    return all(found[name] >= count / 2 for name, count in wanted.items())


def _is_as_good(quick: Model, said: _Validated, split: Split, report: Report) -> bool:
    """Return whether a trained network is as good as Quick, as far as validation can tell, and report what it brought.

    The pictures' embeddings for Quick are cached.
    """
    progress = PhaseReport(report, Phase.TESTING, len(said.pictures))
    pictures = embed_pictures(said.pictures, split.classes, quick.embedder, progress, never)
    if len(pictures) != len(said.labels):  # a picture became unreadable, so they can't be compared one by one
        return said.measured.log_loss <= quick.validation.log_loss
    before = probabilities(quick.head, pictures.embeddings)
    if not is_as_good(before, said.probabilities, said.labels):
        return False
    report(_comparison(before, said.probabilities, said.labels))
    return True


def _comparison(before: NDArray[np.floating], after: NDArray[np.floating], labels: NDArray[np.integer]) -> Notice:
    """Return the notice of what changed, with 95 % ranges, from probabilities (N, classes) for the same pictures."""
    is_right = [(one.argmax(axis=1) == labels).astype(np.float64) for one in (before, after)]
    points = 100 * (is_right[1] - is_right[0])
    losses = log_losses(after, labels) - log_losses(before, labels)
    low, high = paired_range(points)
    loss_low, loss_high = paired_range(losses)
    return Notice(
        NoticeCode.COMPARED_WITH_QUICK,
        {
            "change": float(points.mean()),
            "low": low,
            "high": high,
            "loss_change": float(losses.mean()),
            "loss_low": loss_low,
            "loss_high": loss_high,
        },
    )


def labelled(pictures: Sequence[Picture], classes: Sequence[str]) -> "LabelledFiles":
    """Return the files of pictures with the numbers of their classes, for a training."""
    from xception_gui.finetune.batches import LabelledFiles

    numbers = {name: number for number, name in enumerate(classes)}
    return LabelledFiles(
        files=[picture.path for picture in pictures],
        labels=np.array([numbers[picture.class_name] for picture in pictures]),
        class_count=len(classes),
        hashes=[picture.sha256 for picture in pictures],
    )
