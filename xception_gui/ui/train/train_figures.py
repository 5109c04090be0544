"""The figures of a training, side by side."""

from collections.abc import Callable

import psutil
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from xception_gui.domain.percent import too_few
from xception_gui.domain.run_state import RunState
from xception_gui.ui.kit import texts
from xception_gui.ui.kit.cards import FigureCard
from xception_gui.ui.kit.responsive_grid import ResponsiveGrid

MILLISECONDS_BETWEEN_READINGS = 1000  # of the memory


class TrainFigures(QWidget):
    """Accuracy and loss; while a training runs, its speed and memory too."""

    def __init__(self, memory: Callable[[], int | None]) -> None:
        """Make the cards.

        Args:
            memory: returns the memory that the training uses, in bytes; None: not known.
        """
        super().__init__()
        self._used_memory = memory
        self._is_running = False
        self._accuracy = FigureCard(self.tr("Accuracy"), "train_accuracy")
        self._loss = FigureCard(self.tr("Log loss"), "train_loss")
        self._best = FigureCard(self.tr("Best so far"), "train_best")
        self._speed = FigureCard(self.tr("Speed"), "train_speed")
        self._memory = FigureCard(self.tr("Memory"), "train_memory")
        grid = ResponsiveGrid(122, self, spacing=12)  # all five side by side in the narrowest window
        for card in (self._accuracy, self._loss, self._best, self._speed, self._memory):
            grid.addWidget(card)
        self._readings = QTimer(self)
        self._readings.setInterval(MILLISECONDS_BETWEEN_READINGS)
        self._readings.timeout.connect(self._show_memory)

    def follow_memory(self, *, is_running: bool) -> None:
        """Start or stop reading the memory once a second."""
        self._is_running = is_running
        if is_running != self._readings.isActive():
            (self._readings.start if is_running else self._readings.stop)()

    def show_state(self, state: RunState) -> None:
        """Show the figures of a state."""
        last = state.epochs[-1] if state.epochs else None
        result, best = state.result, state.best
        accuracy = result.val_accuracy if result else last.val_accuracy if last else None
        loss = result.val_log_loss if result else last.val_loss if last else None
        is_early = last is not None and last.preliminary and result is None
        remark = self.tr("preliminary") if is_early else self.tr("on validation pictures")
        pictures = result.val_images if result else state.val_images
        told = self.tr("too few to tell") if _are_few(pictures) and not is_early else remark
        self._accuracy.show_figure(texts.accuracy(accuracy, pictures) if accuracy is not None else "–", told)
        self._loss.show_figure(texts.loss(loss) if loss is not None else "–", remark)
        self._best.show_name(self._name_of_best(state))
        learned = best.images if best else result.train_images if result else 0  # without a log there are no fits
        if learned and not state.recipe.trains_network:
            self._best.show_figure(texts.number(learned), self.tr("pictures"))
        elif best is None:
            self._best.show_figure("–")
        elif best.epoch == 0:
            self._best.show_figure(self.tr("Quick"), self.tr("before fine-tuning"))
        else:  # at the end, the head is fitted again: its accuracy is another one
            measured = texts.accuracy(best.val_accuracy, pictures)
            of_all = self.tr("of {m}").format(m=result.epochs) if result and result.epochs else measured
            self._best.show_figure(self.tr("epoch {n}").format(n=best.epoch), of_all)
        for card in (self._speed, self._memory):
            card.setVisible(state.is_running)
        rate = state.images_per_second if state.is_running else None
        figure = (f"{rate:.1f}" if rate < 100 else f"{rate:.0f}") if rate else "–"
        self._speed.show_figure(figure, self.tr("pictures/s"))
        self._is_running = state.is_running
        self._show_memory()

    def _name_of_best(self, state: RunState) -> str:
        if not state.recipe.trains_network:
            return self.tr("Trained on")  # the last model is kept, whether or not an earlier one was better
        return self.tr("Best so far") if state.is_running else self.tr("Best")

    def _show_memory(self) -> None:
        used = self._used_memory() if self._is_running else None
        total = psutil.virtual_memory().total
        self._memory.show_figure(
            texts.size(used) if used else "–", self.tr("of {total}").format(total=texts.size(total))
        )


def _are_few(pictures: int) -> bool:
    """Return whether there are too few pictures to tell; 0: number unknown."""
    return pictures > 0 and too_few(pictures)
