"""The wording of a forecast of what fine-tuning would bring."""

from xception_gui.domain.messages.training import ForecastResult
from xception_gui.domain.translation import QT_TRANSLATE_NOOP
from xception_gui.words.filling import Translate, fill_in, in_english

TOO_FEW = QT_TRANSLATE_NOOP(
    "words",
    "With few pictures, a trial takes as long as fine-tuning itself. Just fine-tune: Quick's model is kept if that does "
    "better.",
)
RANGE = QT_TRANSLATE_NOOP(
    "words", "Fine-tuning will probably classify {low} to {high} more of 100 pictures correctly than Quick."
)
AT_MOST = QT_TRANSLATE_NOOP("words", "Fine-tuning may classify up to {high} more of 100 pictures correctly than Quick.")
UNSURE = QT_TRANSLATE_NOOP(
    "words",
    "Fine-tuning may or may not pay: {low:+d} to {high:+d} correct pictures of 100, compared with Quick. Quick takes a "
    "fraction of the time.",
)
LITTLE = QT_TRANSLATE_NOOP(
    "words",
    "Fine-tuning will probably bring little or nothing: {low:+d} to {high:+d} correct pictures of 100, compared with "
    "Quick. Quick is the better choice.",
)
NOTHING = QT_TRANSLATE_NOOP(
    "words", "Fine-tuning will probably bring nothing on these pictures. Quick is the better choice."
)


def forecast_text(forecast: ForecastResult, translate: Translate = in_english) -> str:
    """Return a forecast as a sentence."""
    low, high = round(forecast.low), round(forecast.high)
    return fill_in(_template(forecast, low, high), {"low": low, "high": high}, translate)


def _template(forecast: ForecastResult, low: int, high: int) -> str:
    if not forecast.pictures:
        return TOO_FEW
    if forecast.pays:
        return RANGE if 0 < low < high else AT_MOST
    if (forecast.low + forecast.high) / 2 >= 1:
        return UNSURE
    return LITTLE if low < high else NOTHING
