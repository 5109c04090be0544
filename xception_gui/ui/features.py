"""The features of the window, those with a page in the order of the rail."""

from typing import Any

from xception_gui.ui.dataset.feature import DATA
from xception_gui.ui.export.feature import EXPORT
from xception_gui.ui.framework.feature import Feature, PageFeature
from xception_gui.ui.predict.feature import PREDICT
from xception_gui.ui.preferences.feature import PREFERENCES
from xception_gui.ui.results.feature import RESULTS
from xception_gui.ui.start.feature import START
from xception_gui.ui.train.feature import TRAIN

FEATURES: tuple[Feature[Any], ...] = (START, DATA, TRAIN, RESULTS, PREDICT, EXPORT, PREFERENCES)

PAGES: tuple[PageFeature[Any], ...] = tuple(feature for feature in FEATURES if isinstance(feature, PageFeature))
