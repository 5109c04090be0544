"""The wording of a forecast of what fine-tuning would bring."""

from xception_gui.domain.messages.training import ForecastResult
from xception_gui.domain.translation import QT_TRANSLATE_NOOP
from xception_gui.words.filling import Translate, fill_in, in_english

TOO_FEW = QT_TRANSLATE_NOOP(
    "words",
    "With few pictures, a forecast takes as long as fine-tuning itself. Just try Fine-tune: it keeps Quick's model if "
    "that does better.",
)
RANGE = QT_TRANSLATE_NOOP(
    "words", "Fine-tuning will probably classify {low} to {high} more of 100 pictures correctly than Quick."
)
AT_MOST = QT_TRANSLATE_NOOP("words", "Fine-tuning may classify up to {high} more of 100 pictures correctly than Quick.")
NOTHING = QT_TRANSLATE_NOOP(
    "words", "Fine-tuning will probably bring nothing on these pictures. Quick is the better choice."
)


def forecast_text(forecast: ForecastResult, translate: Translate = in_english) -> str:
    """Return a forecast as a sentence."""
    low, high = round(forecast.low), round(forecast.high)
    if not forecast.pictures:
        text = TOO_FEW
    elif not forecast.pays:
        text = NOTHING
    else:
        text = RANGE if 0 < low < high else AT_MOST
    return fill_in(text, {"low": low, "high": high}, translate)
