"""The wording of each notice: something to know while a job runs."""

from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.training import Notice, NoticeCode
from xception_gui.domain.translation import QT_TRANSLATE_NOOP
from xception_gui.words.errors import TEXTS
from xception_gui.words.filling import Translate, in_english
from xception_gui.words.findings import finding_text
from xception_gui.words.wording import Counted, Wording, in_words, worded


def notice_text(notice: Notice, translate: Translate = in_english) -> str:
    """Return a notice in words: the wording that uses most of its details.

    A notice that an earlier release wrote down has its own text.
    """
    found = notice.details.get("found")
    told = {"found": finding_text(found, {}, translate)} if isinstance(found, str) else {}
    return notice.text or in_words(NOTICES[notice.code], {**notice.details, **told}, translate) or notice.code


_UNEQUAL = QT_TRANSLATE_NOOP("words", "Few pictures of “{rarest}” ({few:,}, against {many:,} “{commonest}”).")

NOTICES: dict[NoticeCode, tuple[Wording, ...]] = {
    NoticeCode.RANDOM_WEIGHTS: (
        worded(
            QT_TRANSLATE_NOOP("words", "The network starts from random weights: it hasn't learned anything yet."),
        ),
    ),
    NoticeCode.OWN_BACKBONE: (
        worded(
            QT_TRANSLATE_NOOP(
                "words",
                "First, “{file}” is converted for predictions. This takes half a minute and is needed only once.",
            ),
        ),
    ),
    NoticeCode.FEWER_PICTURES: (
        worded(
            QT_TRANSLATE_NOOP(
                "words",
                "Stopped while reading pictures: the model was trained on {read:,} of {pictures:,} training pictures.",
            ),
        ),
    ),
    NoticeCode.NO_EPOCH: (
        worded(
            QT_TRANSLATE_NOOP(
                "words", "Stopped before the end of the first epoch: the model was trained for a few steps only."
            ),
        ),
    ),
    NoticeCode.FORECAST: (
        worded(
            QT_TRANSLATE_NOOP(
                "words",
                "Forecast by a trial before the training: accuracy {low:+z.0f} to {high:+z.0f} percentage points compared "
                "with Quick.",
            ),
        ),
    ),
    NoticeCode.FULL_SIZE: (
        worded(
            QT_TRANSLATE_NOOP(
                "words",
                "These pictures need their details: Xception is trained at {size} pixels instead of {smaller}, for "
                "{epochs} epochs, which take the same time.",
            ),
        ),
    ),
    NoticeCode.QUICK_KEPT: (
        worded(
            QT_TRANSLATE_NOOP("words", "Fine-tuning didn't beat Quick, so Quick's model was kept."),
        ),
    ),
    NoticeCode.COMPARED_WITH_QUICK: (
        worded(
            QT_TRANSLATE_NOOP(
                "words",
                "Compared with Quick, fine-tuning changed accuracy on the validation pictures by {change:+z.0f} percentage "
                "points (95 % range: {low:+z.0f} to {high:+z.0f}).",
            ),
        ),
        worded(
            QT_TRANSLATE_NOOP(
                "words",
                "Compared with Quick on the validation pictures, fine-tuning changed accuracy by {change:+z.0f} percentage "
                "points (95 % range: {low:+z.0f} to {high:+z.0f}), log loss by {loss_change:+z.2f} ({loss_low:+z.2f} to "
                "{loss_high:+z.2f}).",
            ),
        ),
    ),
    NoticeCode.DIVERGED: (
        worded(
            TEXTS[ErrorCode.TRAINING_DIVERGED].what,
            TEXTS[ErrorCode.TRAINING_DIVERGED].why,
            QT_TRANSLATE_NOOP("words", "The best model so far is kept."),
        ),
    ),
    NoticeCode.PRECISION: (
        worded(
            QT_TRANSLATE_NOOP("words", "Training uses {asked_for}, as requested."),
        ),
        worded(
            QT_TRANSLATE_NOOP("words", "Training uses {precision}: nothing else is much faster on this computer."),
        ),
        worded(
            QT_TRANSLATE_NOOP(
                "words", "Training uses {precision}, {times:.1f} times as fast as float32 on this computer."
            ),
        ),
    ),
    NoticeCode.BATCH_HALVED: (
        worded(
            QT_TRANSLATE_NOOP(
                "words",
                "A batch of {before} pictures doesn't fit in memory. Training continues with {after} at a time; "
                "nothing is lost.",
            ),
        ),
    ),
    NoticeCode.UNEQUAL_CLASSES: (
        worded(
            _UNEQUAL,
            QT_TRANSLATE_NOOP(
                "words",
                "“{rarest}” may be missed more often. Class weights make pictures of rare classes count more. This "
                "helps if every class matters equally, but can lower overall accuracy a little.",
            ),
        ),
        worded(
            _UNEQUAL,
            QT_TRANSLATE_NOOP(
                "words",
                "With class weights, a picture of “{rarest}” counts {rare_weight:.2g} times, one of "
                "“{commonest}” {common_weight:.2g} times. This helps if every class matters equally, but can lower "
                "overall accuracy a little.",
            ),
        ),
    ),
    NoticeCode.STOPPED_EARLY: (
        worded(
            Counted(
                one=QT_TRANSLATE_NOOP(
                    "words",
                    "Stopped after epoch {epoch}: validation loss hasn't improved for 1 epoch. The best model is kept.",
                ),
                many=QT_TRANSLATE_NOOP(
                    "words",
                    "Stopped after epoch {epoch}: validation loss hasn't improved for {count} epochs. The best model "
                    "is kept.",
                ),
            ),
        ),
    ),
    NoticeCode.NOT_SAVED: (
        worded(
            QT_TRANSLATE_NOOP(
                "words",
                "Training couldn't be saved just now ({found}). It continues, and what was saved before is safe. "
                "Free some disk space: the program tries again every minute.",
            ),
        ),
    ),
    NoticeCode.RESUMED: (
        worded(
            QT_TRANSLATE_NOOP("words", "Training starts again from the beginning: nothing had been saved yet."),
        ),
        worded(
            QT_TRANSLATE_NOOP("words", "Training resumes from the last save: epoch {epoch}."),
        ),
        worded(
            QT_TRANSLATE_NOOP("words", "Training resumes from the last save: epoch {epoch}, picture {picture}."),
        ),
    ),
    NoticeCode.PICTURES_CHANGED: (
        worded(
            Counted(
                one=QT_TRANSLATE_NOOP(
                    "words",
                    "1 picture of this training was moved or changed. Training continues with the others.",
                ),
                many=QT_TRANSLATE_NOOP(
                    "words",
                    "{count:,} pictures of this training were moved or changed. Training continues with the others.",
                ),
            ),
        ),
        worded(
            QT_TRANSLATE_NOOP(
                "words",
                "{missing:,} of {pictures:,} pictures can't be read any more: moved, changed or unplugged since the "
                "data set was checked. Training continues with the others.",
            ),
        ),
        worded(
            QT_TRANSLATE_NOOP(
                "words",
                "{missing:,} of {tested:,} test pictures can't be read any more: moved, changed or unplugged since "
                "the data set was checked. The model is tested on the others.",
            )
        ),
    ),
    NoticeCode.OTHER_RUNTIME: (
        worded(
            QT_TRANSLATE_NOOP(
                "words",
                "This model was made with {runtime}, which is not available on this computer, so {used} is used. Percentages may differ by one point.",
            ),
        ),
    ),
    NoticeCode.ACCELERATOR_FAILED: (
        worded(
            QT_TRANSLATE_NOOP(
                "words",
                "The graphics card failed while reading pictures, so the processor reads the rest. See the log for "
                "details.",
            ),
        ),
    ),
}
