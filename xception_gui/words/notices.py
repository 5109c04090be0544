"""What is said of each notice: something to know while a job runs."""

from dataclasses import dataclass

from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.training import Notice, NoticeCode
from xception_gui.domain.translation import QT_TRANSLATE_NOOP
from xception_gui.words.errors import TEXTS
from xception_gui.words.filling import Translate, fill_in, in_english, places_in
from xception_gui.words.findings import finding_text


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to tell a notice: sentences, and what the first one is if its detail `count` is 1."""

    sentences: tuple[str, ...]
    of_one: str | None = None

    @property
    def places(self) -> frozenset[str]:
        """The details that it needs."""
        return frozenset(place for sentence in self.sentences for place in places_in(sentence))


def notice_text(notice: Notice, translate: Translate = in_english) -> str:
    """Return what there is to know, in the most telling way for which there are details.

    A notice of an earlier run has brought its text.
    """
    if notice.text:
        return notice.text
    possible = [wording for wording in NOTICES[notice.code] if wording.places <= notice.details.keys()]
    if not possible:  # the log of a stranger
        return notice.code
    wording = max(possible, key=lambda one: len(one.places))
    first, *others = wording.sentences
    if wording.of_one is not None and notice.details.get("count") == 1:
        first = wording.of_one
    found = notice.details.get("found")
    told = {"found": finding_text(found, {}, translate)} if isinstance(found, str) else {}
    return " ".join(fill_in(sentence, {**notice.details, **told}, translate) for sentence in (first, *others))


def _told(*sentences: str, of_one: str | None = None) -> Wording:
    return Wording(sentences, of_one)


_UNEQUAL = QT_TRANSLATE_NOOP(
    "words", "The classes are unequal: {few} pictures of “{rarest}” to learn from, {many} of “{commonest}”."
)

NOTICES: dict[NoticeCode, tuple[Wording, ...]] = {
    NoticeCode.RANDOM_WEIGHTS: (
        _told(
            QT_TRANSLATE_NOOP("words", "The network starts from random weights: it has seen no picture yet."),
        ),
    ),
    NoticeCode.OWN_BACKBONE: (
        _told(
            QT_TRANSLATE_NOOP(
                "words", "A network for predictions is made from “{file}” first. This takes half a minute, once."
            ),
        ),
    ),
    NoticeCode.FEWER_PICTURES: (
        _told(
            QT_TRANSLATE_NOOP(
                "words", "Stopped while reading: the model rests on {read} of {pictures} training pictures."
            ),
        ),
    ),
    NoticeCode.NO_EPOCH: (
        _told(
            QT_TRANSLATE_NOOP(
                "words", "Stopped before the first epoch had ended: the model is what the first steps made of it."
            ),
        ),
    ),
    NoticeCode.QUICK_KEPT: (
        _told(
            QT_TRANSLATE_NOOP("words", "No epoch was better than the model of Quick, which is kept."),
        ),
    ),
    NoticeCode.DIVERGED: (
        _told(
            TEXTS[ErrorCode.TRAINING_DIVERGED].what,
            TEXTS[ErrorCode.TRAINING_DIVERGED].why,
            QT_TRANSLATE_NOOP("words", "The best model so far is kept."),
        ),
    ),
    NoticeCode.PRECISION: (
        _told(
            QT_TRANSLATE_NOOP("words", "The training computes in {asked_for}, as was asked for."),
        ),
        _told(
            QT_TRANSLATE_NOOP(
                "words", "The training computes in {precision}: nothing else is much faster on this machine."
            ),
        ),
        _told(
            QT_TRANSLATE_NOOP(
                "words", "The training computes in {precision}, {times:.1f} times as fast as float32 on this machine."
            ),
        ),
    ),
    NoticeCode.BATCH_HALVED: (
        _told(
            QT_TRANSLATE_NOOP(
                "words",
                "A batch of {before} pictures doesn't fit in memory. The training goes on with {after} at a "
                "time; nothing that was learned is lost.",
            ),
        ),
    ),
    NoticeCode.UNEQUAL_CLASSES: (
        _told(
            _UNEQUAL,
            QT_TRANSLATE_NOOP(
                "words",
                "The model may overlook the rare ones. Class weights let their pictures count for more, "
                "which helps where each class matters as much as another, and costs a little where each "
                "picture does.",
            ),
        ),
        _told(
            _UNEQUAL,
            QT_TRANSLATE_NOOP(
                "words",
                "With class weights a picture of “{rarest}” counts {rare_weight:.2g} times, one of "
                "“{commonest}” {common_weight:.2g} times. This helps where each class matters as much as "
                "another, and costs a little where each picture does.",
            ),
        ),
    ),
    NoticeCode.STOPPED_EARLY: (
        _told(
            QT_TRANSLATE_NOOP(
                "words",
                "Ended after epoch {epoch}: the validation loss has not become lower for {count} epochs. The "
                "best model is kept.",
            ),
            of_one=QT_TRANSLATE_NOOP(
                "words",
                "Ended after epoch {epoch}: the validation loss has not become lower for 1 epoch. The best "
                "model is kept.",
            ),
        ),
    ),
    NoticeCode.NOT_SAVED: (
        _told(
            QT_TRANSLATE_NOOP(
                "words",
                "The training couldn't be saved just now ({found}). It goes on, and what was saved before is "
                "still there. Free some space on the disk: it is tried again every minute.",
            ),
        ),
    ),
    NoticeCode.RESUMED: (
        _told(
            QT_TRANSLATE_NOOP("words", "The training begins anew: it was interrupted before anything of it was saved."),
        ),
        _told(
            QT_TRANSLATE_NOOP("words", "The training goes on where it was saved last: epoch {epoch}."),
        ),
        _told(
            QT_TRANSLATE_NOOP(
                "words", "The training goes on where it was saved last: epoch {epoch}, picture {picture}."
            ),
        ),
    ),
    NoticeCode.PICTURES_CHANGED: (
        _told(
            QT_TRANSLATE_NOOP(
                "words",
                "{count} pictures of this training can't be found any more, or were changed; it goes on with "
                "the others.",
            ),
            of_one=QT_TRANSLATE_NOOP(
                "words",
                "1 picture of this training can't be found any more, or were changed; it goes on with the others.",
            ),
        ),
        _told(
            QT_TRANSLATE_NOOP(
                "words",
                "{missing} of {pictures} pictures can't be read any more: they were moved, changed or "
                "unplugged since they were checked. The training goes on with the others.",
            ),
        ),
        _told(
            QT_TRANSLATE_NOOP(
                "words",
                "{missing} of {tested} test pictures can't be read any more: they were moved, changed or unplugged "
                "since they were checked. The model is tested on the others.",
            )
        ),
    ),
    NoticeCode.ACCELERATOR_FAILED: (
        _told(
            QT_TRANSLATE_NOOP(
                "words",
                "The graphics card failed while it read pictures, so the processor reads the rest. The log says why.",
            ),
        ),
    ),
}
