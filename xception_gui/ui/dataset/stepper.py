"""The steps of the wizard in one line: finished ones with a tick, which lead back, then the current one, then the rest."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget


class Stepper(QWidget):
    """Shows the current step.

    Signals:
        step_chosen: int, an earlier step.
    """

    step_chosen = Signal(int)

    def __init__(self, names: Sequence[str], object_name: str) -> None:
        super().__init__()
        self.setObjectName(object_name)
        self._names = tuple(names)
        self._steps: list[QPushButton] = []
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(20)
        for index, name in enumerate(names):
            step = QPushButton()
            step.setObjectName(f"{object_name}_{index + 1}")
            step.setProperty("role", "step")
            step.setCheckable(True)
            step.setAccessibleName(name)
            step.clicked.connect(lambda _checked=False, index=index: self._choose(index))
            self._steps.append(step)
            line.addWidget(step)
        line.addStretch(1)
        self._present = 0
        self.show_step(0)

    def show_step(self, present: int) -> None:
        """Mark the current step."""
        self._present = present
        for index, step in enumerate(self._steps):
            step.setText(f"✓  {self._names[index]}" if index < present else f"{index + 1}  {self._names[index]}")
            step.setChecked(index == present)
            step.setEnabled(index <= present)

    def _choose(self, index: int) -> None:
        self.show_step(self._present)  # a click must not check another step by itself
        if index < self._present:
            self.step_chosen.emit(index)
