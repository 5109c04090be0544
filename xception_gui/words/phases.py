"""The wording of each phase of a job."""

from xception_gui.domain.messages.base import Phase
from xception_gui.domain.translation import QT_TRANSLATE_NOOP
from xception_gui.words.filling import Translate, in_english


def phase_text(phase: Phase, translate: Translate = in_english) -> str:
    """Return what a job is doing."""
    return translate(PHASES[phase])


PHASES: dict[Phase, str] = {
    Phase.CHECKING: QT_TRANSLATE_NOOP("words", "Checking the pictures"),
    Phase.CONVERTING: QT_TRANSLATE_NOOP("words", "Preparing the network for predictions"),
    Phase.EMBEDDING: QT_TRANSLATE_NOOP("words", "Reading the pictures"),
    Phase.FITTING: QT_TRANSLATE_NOOP("words", "Learning the classes"),
    Phase.LOADING: QT_TRANSLATE_NOOP("words", "Loading Keras and the network"),
    Phase.TRAINING: QT_TRANSLATE_NOOP("words", "Training"),
    Phase.TESTING: QT_TRANSLATE_NOOP("words", "Evaluating"),
    Phase.PREDICTING: QT_TRANSLATE_NOOP("words", "Classifying"),
    Phase.EXPORTING: QT_TRANSLATE_NOOP("words", "Exporting"),
    Phase.DRAWING: QT_TRANSLATE_NOOP("words", "Drawing sample pictures"),
    Phase.MEASURING: QT_TRANSLATE_NOOP("words", "Measuring the speed of this computer"),
}
