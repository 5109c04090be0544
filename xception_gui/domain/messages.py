"""What travels between whoever wants work done and the jobs that do it: requests in, events out.

Every message is a frozen struct of plain values; `lines` writes and reads them as lines of JSON.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from xception_gui.domain.folders import Folders
from xception_gui.domain.recipe import Augmentation, Recipe

PROTOCOL_VERSION = 1


def _tag(name: str) -> str:
    """`TrainRequest` → `train`, `EpochFinished` → `epoch_finished`."""
    words = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
    return words.removesuffix("_request")


class Message(msgspec.Struct, frozen=True, tag=_tag):
    """What every message has in common."""


# --- Requests -----------------------------------------------------------------------------------------------------


class CheckRequest(Message, frozen=True):
    """Say what is in a data set and what is wrong with it."""

    dataset: str
    folders: Folders = Folders.AUTO


class TrainRequest(Message, frozen=True):
    """Train a model on the data set and keep it as the run folder `out`."""

    dataset: str
    out: str
    recipe: Recipe
    folders: Folders = Folders.AUTO


class ResumeRequest(Message, frozen=True):
    """Go on with the training of a run that was interrupted. What it had reported is reported again first."""

    run: str


class EmbedRequest(Message, frozen=True):
    """Read a data set ahead of a training, which then finds its embeddings, and show how good Quick would be.

    The split is the one that a recipe with these fields has.
    """

    dataset: str
    seed: int = 0
    val_fraction: float = 0.2
    folders: Folders = Folders.AUTO


class PredictRequest(Message, frozen=True):
    """Say what the pictures show: files, and folders with everything below them."""

    run: str
    paths: tuple[str, ...]


class EvaluateRequest(Message, frozen=True):
    """Say how good a run is, on its own validation pictures or on a data set."""

    run: str
    dataset: str | None = None
    folders: Folders = Folders.AUTO


class ExportFormat(StrEnum):
    """What a model can be exported as."""

    KERAS = "keras"  # one file, for Keras: pixels → probabilities
    # Those below: pixels → probabilities and the class activation map.
    LITERT = "litert"  # one file, for LiteRT
    LITERT_F16 = "litert-f16"  # the same with its weights rounded to float16: half as large
    SAVED_MODEL = "saved-model"  # a folder, for TensorFlow


class ExportRequest(Message, frozen=True):
    """Write the model of a run in another program's format, as a file or folder `out` that doesn't exist yet."""

    run: str
    format: ExportFormat
    out: str


class PreviewShape(StrEnum):
    """How a picture is made small enough to be shown."""

    SQUARE = "square"  # cropped around the middle
    WHOLE = "whole"


class PreviewRequest(Message, frozen=True):
    """Make small copies of pictures, in the cache, that can be shown without opening a stranger's file."""

    paths: tuple[str, ...]
    size: int  # pixels: the side of a square, the longer side of a whole picture
    shape: PreviewShape = PreviewShape.SQUARE


class PreviewAugmentationRequest(Message, frozen=True):
    """Make small copies of pictures as a training would see them: each as it is, then as it may look in an epoch."""

    paths: tuple[str, ...]
    size: int  # pixels, both ways
    augment: Augmentation
    seed: int = 0
    looks: int = 2  # of each picture, beside the one as it is


class ListRunsRequest(Message, frozen=True):
    """List the runs in folders, and single ones that lie elsewhere."""

    folders: tuple[str, ...]
    runs: tuple[str, ...] = ()


class ReadLogRequest(Message, frozen=True):
    """Tell what the training of a run reported, as far as it was written down."""

    run: str


class RenameRunRequest(Message, frozen=True):
    """Give the folder of a run another name."""

    run: str
    name: str


class ShareModelRequest(Message, frozen=True):
    """Write a run as one file `out`, which doesn't exist yet, for others to open with this program."""

    run: str
    out: str


class AddModelRequest(Message, frozen=True):
    """Make a run of a file that was shared, in a folder of runs."""

    file: str
    folder: str


class LocateDatasetRequest(Message, frozen=True):
    """Tell a run where its pictures are now."""

    run: str
    dataset: str


class DrawSamplesRequest(Message, frozen=True):
    """Draw the sample pictures into a folder, or find that they are there."""

    folder: str


class MeasureSpeedRequest(Message, frozen=True):
    """Measure how fast this machine embeds pictures and, if asked, trains the network."""

    training: bool = False


class CacheRequest(Message, frozen=True):
    """Say how much of the disk the cache takes and may take; first empty it or set its limit, if asked."""

    clear: bool = False
    limit: int | None = None  # bytes
    spared: tuple[str, ...] = ()  # names of pasted pictures that are shown just now: they stay


class StopRequest(Message, frozen=True, tag="stop"):
    """Stop the request of this id, politely: the best model so far is kept."""


JobRequest = (
    CheckRequest
    | TrainRequest
    | ResumeRequest
    | EmbedRequest
    | CacheRequest
    | PredictRequest
    | EvaluateRequest
    | ExportRequest
    | PreviewRequest
    | PreviewAugmentationRequest
    | ListRunsRequest
    | ReadLogRequest
    | RenameRunRequest
    | ShareModelRequest
    | AddModelRequest
    | LocateDatasetRequest
    | DrawSamplesRequest
    | MeasureSpeedRequest
)
Request = JobRequest | StopRequest


# --- What results hold --------------------------------------------------------------------------------------------


class LeftOut(msgspec.Struct, frozen=True, gc=False):
    """A file that isn't used, and why."""

    path: str
    reason: str  # a sentence
    code: str
    detail: str = ""  # what fills the place in the reason's text


class Problem(msgspec.Struct, frozen=True):
    """Something about a data set that a person should know."""

    code: str
    message: str
    paths: tuple[str, ...]
    severity: str = "warning"  # or "error": can't be trained on
    details: dict[str, str] = {}  # what fills the places in the message's text


class ClassMetrics(msgspec.Struct, frozen=True):
    """How one class fares. 0..1 each; None where the figure isn't defined, as `domain/metrics.py` has it.

    What earlier releases recorded has 0 there.
    """

    precision: float | None
    recall: float | None
    f1: float | None
    support: int  # pictures of this class


class Prediction(msgspec.Struct, frozen=True):
    """A class, and how probable the model holds it to be."""

    class_name: str = msgspec.field(name="class")
    probability: float  # 0..1


class PicturePrediction(msgspec.Struct, frozen=True):
    """All classes, the most probable first; or why the picture couldn't be read."""

    path: str
    predictions: tuple[Prediction, ...]
    error: str | None = None


# --- Events -------------------------------------------------------------------------------------------------------


class Hello(Message, frozen=True):
    """The engine is there."""

    version: str
    protocol: int = PROTOCOL_VERSION


class Rejected(Message, frozen=True):
    """A line that is no request."""

    reason: str
    line: str  # its beginning


class Phase(StrEnum):
    """What a job is doing."""

    CHECKING = "checking"  # reading the data set
    CONVERTING = "converting"  # making the backbone of a network
    EMBEDDING = "embedding"  # passing pictures through the backbone
    FITTING = "fitting"  # fitting the head
    LOADING = "loading"  # building the network to train
    TRAINING = "training"
    TESTING = "testing"  # computing the figures that are reported
    PREDICTING = "predicting"
    EXPORTING = "exporting"
    DRAWING = "drawing"  # the sample pictures
    MEASURING = "measuring"  # how fast the machine is


class PhaseStarted(Message, frozen=True):
    """A phase begins. `total`: how many pictures it will look at, None where it can't be said."""

    phase: Phase
    total: int | None = None


class Progress(Message, frozen=True):
    """How far the phase is, in pictures."""

    phase: Phase
    done: int
    total: int
    seconds: float  # since the phase began


class DatasetChecked(Message, frozen=True):
    """What is in the data set that is trained on."""

    classes: dict[str, int]
    left_out: tuple[LeftOut, ...]
    problems: tuple[Problem, ...]


class DatasetSplit(Message, frozen=True):
    """How many pictures are learned from, and how many are kept for testing."""

    train_images: int
    val_images: int
    test_images: int


class NoticeCode(StrEnum):
    """Which notice it is."""

    RANDOM_WEIGHTS = "random-weights"
    OWN_BACKBONE = "own-backbone"
    FEWER_PICTURES = "fewer-pictures"
    NO_EPOCH = "no-epoch"
    QUICK_KEPT = "quick-kept"
    WENT_ASTRAY = "went-astray"
    PRECISION = "precision"
    BATCH_HALVED = "batch-halved"
    UNEQUAL_CLASSES = "unequal-classes"
    STOPPED_EARLY = "stopped-early"
    NOT_SAVED = "not-saved"
    RESUMED = "resumed"
    PICTURES_CHANGED = "pictures-changed"
    ACCELERATOR_FAILED = "accelerator-failed"


class Notice(Message, frozen=True):
    """Something to know while a job runs."""

    code: NoticeCode
    text: str  # a sentence


class TrainingResumed(Message, frozen=True):
    """A training that was interrupted goes on; what it had reported until then follows once more."""

    dataset: str
    recipe: Recipe


class BatchFinished(Message, frozen=True):
    """A training step is done. Throttled."""

    epoch: int  # from 1
    step: int  # from 1
    steps: int  # in an epoch
    epochs: int  # planned
    loss: float  # of this batch
    accuracy: float  # of this batch, 0..1
    images_per_second: (
        float  # over the last seconds; 0: not known yet, as the first step, which compiles, doesn't count
    )
    images: int = 0  # that the epoch has passed so far
    epoch_images: int = 0  # in an epoch


class EpochFinished(Message, frozen=True):
    """An epoch is done, or a refit of the head (Quick), or the starting model is measured (epoch 0)."""

    epoch: int
    images: int  # pictures seen in this epoch, or fitted
    loss: float | None  # mean over the pictures of the epoch, while they were learned
    accuracy: float | None  # likewise, 0..1
    val_loss: float
    val_accuracy: float
    learning_rate: float | None
    seconds: float
    best: bool  # the lowest validation loss so far
    preliminary: bool = False  # a fit (Quick) on the pictures that were read so far
    recalls: tuple[float, ...] = ()  # of a fit: of each class, on the validation pictures, 0..1
    validation_seconds: float = 0.0  # of an epoch: how many of its seconds the validation took
    recalls_of: tuple[int, ...] = ()  # of a fit: the validation pictures of each class, that `recalls` are shares of


class LearningOutlook(Message, frozen=True):
    """What twice as many pictures would probably bring. Only told where the learning curve shows it."""

    images: int  # learned from
    accuracy: float  # with them, on the validation pictures
    images_then: int
    low: float  # accuracy with those; the interval holds it in four of five cases
    high: float
    class_name: str | None = None  # whose pictures would bring most, where that shows too


class PicturePredicted(Message, frozen=True):
    """One picture's result, as soon as it is there. In the order asked for."""

    prediction: PicturePrediction


class PictureEvaluated(Message, frozen=True):
    """What was said about a picture whose class is known."""

    path: str
    class_name: str  # what it is
    predictions: tuple[Prediction, ...]  # the three most probable classes, and the right one if it isn't among them


class PreviewReady(Message, frozen=True):
    """A small copy of a picture is there, or why there is none."""

    path: str
    file: str | None  # JPEG, in the cache
    error: str | None = None
    look: int = 0  # from 1 on: as a training may see it, one of several


# --- Ends: every job ends in exactly one --------------------------------------------------------------------------


class CheckResult(Message, frozen=True):
    """What is in a data set."""

    classes: dict[str, int]
    used: int
    left_out: tuple[LeftOut, ...]
    problems: tuple[Problem, ...]
    samples: dict[str, tuple[str, ...]] = {}  # some pictures of each class
    embedded: int = 0  # pictures whose embeddings are cached
    has_parts: bool = False  # the data set has a split of its own
    part_folders: dict[str, str] = {}  # folder → train, val or test: what they are, or would be if they weren't classes

    @property
    def can_be_trained_on(self) -> bool:
        """Nothing that was found forbids a training."""
        return all(problem.severity != "error" for problem in self.problems)


class TrainResult(Message, frozen=True, omit_defaults=False):
    """A finished or stopped training. Figures are the predictor's, on the validation pictures."""

    run: str
    recipe: str
    classes: tuple[str, ...]
    train_images: int
    val_images: int
    val_accuracy: float
    val_log_loss: float
    epochs: int | None  # trained; None for Quick
    seconds: float
    stopped: bool
    test_images: int | msgspec.UnsetType = msgspec.UNSET
    test_accuracy: float | msgspec.UnsetType = msgspec.UNSET
    test_log_loss: float | msgspec.UnsetType = msgspec.UNSET


class EmbedResult(Message, frozen=True):
    """A data set was read."""

    images: int  # that have embeddings now
    stopped: bool = False


class StoredKind(StrEnum):
    """What the program keeps on the disk."""

    PICTURES = "pictures"  # what was found out about them, to be the cache proper
    PREVIEWS = "previews"
    PASTED = "pasted"
    NETWORKS = "networks"
    LOGS = "logs"
    MODELS = "models"
    SAMPLES = "samples"


class Stored(msgspec.Struct, frozen=True):
    """One kind of what the program keeps on the disk."""

    kind: StoredKind
    bytes: int
    folder: str
    is_cache: bool  # whether emptying the cache deletes it


class CacheResult(Message, frozen=True):
    """The cache as it is now, and what else there is."""

    bytes: int
    limit: int
    folder: str
    stored: tuple[Stored, ...] = ()


class PredictResult(Message, frozen=True):
    """How many pictures there were; what they show was told by PicturePredicted, one by one."""

    classes: tuple[str, ...]  # that the model knows
    pictures: int
    unreadable: int  # of them
    stopped: bool = False  # before the last picture


class EvaluateResult(Message, frozen=True):
    """How good a run is."""

    classes: tuple[str, ...]
    accuracy: float
    log_loss: float
    images: int
    trained_on: int  # how many of them the run was trained on
    left_out: tuple[LeftOut, ...]
    per_class: dict[str, ClassMetrics]
    confusion_matrix: tuple[tuple[int, ...], ...]  # rows: what it was, columns: what was said
    dataset: str | None = None  # as it was given; None: the run's own validation pictures
    parts: dict[str, int] = {}  # pictures of each of its parts (train, val, test); empty: it isn't divided into parts


class ExportResult(Message, frozen=True):
    """What was written, and how near it is to the model that it was made of."""

    path: str
    format: ExportFormat
    bytes: int
    pictures_checked: int = 0
    pictures_generated: bool = False  # drawn for the check, as no validation picture was where it was
    largest_difference: float = 0.0  # of a probability, 0..1
    same_top_class: int = 0  # pictures
    check_file: str = ""  # what was found, as JSON


class PreviewResult(Message, frozen=True):
    """All previews were told of by PreviewReady."""


class RunSummary(msgspec.Struct, frozen=True):
    """What a list of runs shows of one; of a broken one, its path, and why it can't be opened."""

    path: str
    bytes: int  # on disk
    broken: str | None = None  # what and why, in sentences
    status: str = ""  # training, finished, stopped, failed
    preset: str = ""
    classes: tuple[str, ...] = ()
    images: int = 0  # learned from, validated on and tested on
    train_images: int = 0
    rests_on: int | None = None  # training pictures, where some of them weren't read
    val_images: int = 0
    val_accuracy: float | None = None  # None: there is no model in it
    val_log_loss: float | None = None
    created: str = ""  # ISO 8601
    in_training: bool = False  # a process trains it now
    resumable: bool = False  # its training was interrupted and can go on
    dataset: str = ""
    dataset_found: bool = False  # its pictures lie where they were
    samples: tuple[str, ...] = ()  # some pictures of different classes


class RunsResult(Message, frozen=True):
    """All runs, the newest first, broken ones at the end."""

    runs: tuple[RunSummary, ...]


class TrainingLogResult(Message, frozen=True):
    """What a run records of its training; what that reported was told on the way."""

    dataset: str
    recipe: Recipe
    seconds: float


class RenameRunResult(Message, frozen=True):
    """Where the run is now."""

    run: str


class ShareModelResult(Message, frozen=True):
    """The file that was written."""

    path: str
    bytes: int


class AddModelResult(Message, frozen=True):
    """Where the run is: a new one, or the same that was there."""

    run: str


class LocateDatasetResult(Message, frozen=True):
    """How many of the run's pictures are there, unchanged."""

    found: int
    total: int


class SamplesResult(Message, frozen=True):
    """Where the sample pictures are."""

    dataset: str
    new_pictures: str  # a folder of pictures to predict


class SpeedResult(Message, frozen=True):
    """How fast this machine is, at 299 × 299 pixels."""

    device: str
    embedding_seconds: float  # a picture
    training_seconds: float | None = None  # a picture, in a training step of the whole network
    starting_seconds: float | None = None  # until Keras and the network are there
    precision: str = "float32"  # that training_seconds was measured in
    step_seconds: dict[str, float] = {}  # by precision: how long the same small step takes


Result = (
    CheckResult
    | TrainResult
    | EmbedResult
    | CacheResult
    | PredictResult
    | EvaluateResult
    | ExportResult
    | PreviewResult
    | RunsResult
    | TrainingLogResult
    | RenameRunResult
    | ShareModelResult
    | AddModelResult
    | LocateDatasetResult
    | SamplesResult
    | SpeedResult
)


class Finished(Message, frozen=True):
    """The job is done."""

    result: Result


class Stopped(Message, frozen=True):
    """The job was stopped; its result is what was reached till then, None if that was nothing."""

    result: Result | None = None
    resumable: bool = False  # a training that was saved, to be gone on with


class Failed(Message, frozen=True):
    """The job could not be done."""

    code: str
    what: str
    why: str
    fix: str
    details: dict[str, str] = {}


End = Finished | Stopped | Failed
Event = (
    Hello
    | Rejected
    | PhaseStarted
    | Progress
    | DatasetChecked
    | DatasetSplit
    | Notice
    | TrainingResumed
    | BatchFinished
    | EpochFinished
    | LearningOutlook
    | PicturePredicted
    | PictureEvaluated
    | PreviewReady
    | End
)
