"""The wording of the runtime of predictions, and why it is used."""

from xception_gui.domain.runtime import LITERT, RuntimeChoice, runtime_title
from xception_gui.domain.translation import QT_TRANSLATE_NOOP
from xception_gui.words.filling import Translate, fill_in, in_english

NOT_INSTALLED = QT_TRANSLATE_NOOP("words", "{name}; OpenVINO is not installed")
NOT_USABLE = QT_TRANSLATE_NOOP("words", "{name}; OpenVINO doesn't work on this computer")
FASTER = QT_TRANSLATE_NOOP("words", "{name}: {ms} ms per picture, against {other_ms} ms in {other}")
NOT_FASTER = QT_TRANSLATE_NOOP("words", "{name}: {ms} ms per picture; {other} is not clearly faster ({other_ms} ms)")


def runtime_text(choice: RuntimeChoice, translate: Translate = in_english) -> str:
    """Return which runtime new models use on this computer, and why."""
    details = {"name": runtime_title(choice.runtime)}
    if not choice.others:
        return fill_in(NOT_USABLE if choice.seconds else NOT_INSTALLED, details, translate)
    other = choice.others[0]
    details |= {
        "other": runtime_title(other),
        "ms": f"{1000 * choice.seconds[choice.runtime]:.0f}",
        "other_ms": f"{1000 * choice.seconds[other]:.0f}",
    }
    return fill_in(NOT_FASTER if choice.runtime == LITERT else FASTER, details, translate)
