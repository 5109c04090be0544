"""The combo box that chooses a model, the same on every page."""

from collections.abc import Sequence
from pathlib import PurePath

from PySide6.QtCore import QCoreApplication, QSize, Signal

from xception_gui.domain.messages.models import RunSummary
from xception_gui.domain.visible import visible
from xception_gui.ui.kit.fields import ChoiceBox
from xception_gui.ui.kit.labels import tool_tip

LEAST_WIDTH = 210  # pixels


class ModelBox(ChoiceBox):
    """Lists models by name; hidden while there is none.

    Signals:
        chosen: str, the path of the model that the person chose.
    """

    chosen = Signal(str)

    def __init__(self, object_name: str) -> None:
        super().__init__()
        self.setObjectName(object_name)
        self.setAccessibleName(QCoreApplication.translate("ModelBox", "Model"))
        self.setPlaceholderText(QCoreApplication.translate("ModelBox", "Choose a model"))
        self.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToContents)
        self.setMaximumWidth(LEAST_WIDTH)
        self.activated.connect(lambda index: self.chosen.emit(self.itemData(index)))
        self.hide()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a width that may cut names."""
        least = super().minimumSizeHint()
        return QSize(min(least.width(), LEAST_WIDTH), least.height())

    def leave_room(self, page: int) -> None:
        """Limit the width to half of that of the page, in pixels."""
        self.setMaximumWidth(max(LEAST_WIDTH, page // 2))

    def show_models(self, models: Sequence[RunSummary], selected: str | None) -> None:
        """Offer models to choose from.

        Args:
            models: that can predict, the newest first.
            selected: path of the current one; None: there is none.
        """
        self.clear()
        for model, name in zip(models, model_names([model.path for model in models]), strict=True):
            self.addItem(name, model.path)
        self.setCurrentIndex(self.findData(selected) if selected is not None else -1)
        self.setToolTip(tool_tip(selected) if selected else "")
        self.setVisible(bool(models))


def model_names(paths: Sequence[str]) -> list[str]:
    """Name models by their folders, models of the same name also by the parent folder."""
    names = [PurePath(path).name for path in paths]
    return [
        visible(f"{name} ({PurePath(path).parent.name})" if names.count(name) > 1 else name)
        for name, path in zip(names, paths, strict=True)
    ]
