"""A live plot of one quantity: training smoothed (thick) over raw (thin), validation dashed with dots, the best epoch.

Dots of preliminary values are hollow.
"""

import math
from pathlib import Path
from typing import Any

import pyqtgraph
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QVBoxLayout, QWidget

from xception_gui.ui.kit import texts, theme
from xception_gui.ui.kit.labels import label
from xception_gui.ui.plots.plot_data import Curves, Quantity, table, values_near

LEAST_LOGGED = 1e-6
"""Lowest loss on a logarithmic scale."""


class _PercentAxis(pyqtgraph.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """An axis of shares (0..1), labelled in percent."""

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:  # noqa: N802
        """Return the labels of the ticks."""
        return [f"{value * 100:.0f} %" for value in values]


class _WholeAxis(pyqtgraph.AxisItem):  # type: ignore[misc]
    """An axis of epochs or pictures: whole numbers only."""

    def tickValues(self, least: float, most: float, size: float) -> list[tuple[float, list[float]]]:  # noqa: N802
        """Return only whole numbers."""
        levels = super().tickValues(least, most, size)
        return [(spacing, [value for value in values if value == int(value)]) for spacing, values in levels]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:  # noqa: N802
        """Return the labels of the ticks."""
        return [texts.number(int(value)) for value in values]


class CurvePlot(QWidget):
    """Draws curves, and shows the values under the pointer."""

    def __init__(self, quantity: Quantity, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._quantity = quantity
        self._curves: Curves | None = None
        self._by_batch = True
        self._logarithmic = False
        left = _PercentAxis("left") if quantity is Quantity.ACCURACY else pyqtgraph.AxisItem("left")
        self._plot = pyqtgraph.PlotWidget(axisItems={"left": left, "bottom": _WholeAxis("bottom")})
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.setMenuEnabled(False)
        self._plot.hideButtons()
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.setAntialiasing(True)
        self._raw = self._plot.plot()
        self._training = self._plot.plot()
        self._validation = self._plot.plot()
        self._best = pyqtgraph.InfiniteLine(angle=90, movable=False)
        self._pointer = pyqtgraph.InfiniteLine(angle=90, movable=False)
        self._quick = pyqtgraph.InfiniteLine(
            angle=0, movable=False, label=self.tr("Quick"), labelOpts={"position": 0.97, "anchors": [(1, 0), (1, 1)]}
        )
        self._forecast = pyqtgraph.LinearRegionItem(orientation="horizontal", movable=False)
        self._forecast.setZValue(-10)  # behind the curves
        for item in (self._forecast, self._best, self._pointer, self._quick):
            item.hide()
            self._plot.addItem(item, ignoreBounds=True)
        self._forecast_name = pyqtgraph.InfLineLabel(
            self._forecast.lines[1], self.tr("Forecast"), position=0.97, anchors=[(1, 0), (1, 0)]
        )
        self._words = label(role="readout")
        self._words.setParent(self)
        self._words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._words.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._plot)
        self._words.raise_()  # above the plot, which was added later
        self._plot.scene().sigMouseMoved.connect(self._on_mouse_moved)
        self.setMinimumHeight(150)
        self._restyle()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's names
        """Return the preferred size; the plot can be smaller."""
        return QSize(360, 260)

    def show_curves(self, curves: Curves, *, by_batch: bool, logarithmic: bool) -> None:
        """Draw curves."""
        self._curves, self._by_batch, self._logarithmic = curves, by_batch, logarithmic
        self._plot.setLogMode(y=logarithmic)
        smooth = by_batch and bool(curves.smooth)
        strong = curves.smooth if smooth else curves.training
        self._raw.setData(*_xy(curves.batches if by_batch else ()))
        self._training.setData(
            *_xy(strong),
            symbol=None if smooth else "s",
            symbolBrush=None if smooth else self._fillings(strong, "accent"),
        )
        self._validation.setData(*_xy(curves.validation), symbolBrush=self._fillings(curves.validation, "second"))
        self._plot.setXRange(0, curves.end, padding=0.02)
        self._name_axis(self.tr("pictures") if curves.against_images else self.tr("epoch"))
        if curves.quantity is Quantity.ACCURACY:
            self._plot.setYRange(*_accuracy_range(curves), padding=0.06)  # room for the topmost label
        else:
            self._show_loss_range(curves, logarithmic=logarithmic)
        self._best.setVisible(curves.best is not None)
        if curves.best is not None:
            self._best.setValue(curves.best)
        self._forecast.setVisible(curves.forecast is not None)
        if curves.forecast is not None:
            self._forecast.setRegion(curves.forecast)
        self._quick.setVisible(curves.quick is not None)
        if curves.quick is not None:
            self._quick.setValue(math.log10(max(curves.quick, LEAST_LOGGED)) if logarithmic else curves.quick)
        self.setAccessibleName(self._spoken(curves))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Hide the values when the pointer leaves."""
        self._pointer.hide()
        self._words.hide()
        super().leaveEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow changes between light and dark mode."""
        if event.type() is QEvent.Type.PaletteChange:
            self._restyle()
            if self._curves is not None:
                self.show_curves(self._curves, by_batch=self._by_batch, logarithmic=self._logarithmic)
        super().changeEvent(event)

    def save(self, path: Path) -> None:
        """Save the plot as .png or .svg, or its values as .csv, by the suffix of the path.

        Raises:
            OSError: the file can't be written.
        """
        if path.suffix.lower() == ".csv":
            path.write_text(table(self._curves) if self._curves else "", encoding="utf-8", newline="")
        elif path.suffix.lower() == ".svg":
            self._save_svg(path)
        else:
            self._save_png(path)

    def _save_svg(self, path: Path) -> None:
        path.touch()  # raises if the file can't be written, which the generator doesn't
        generator = QSvgGenerator()
        generator.setFileName(str(path))
        generator.setSize(self._plot.size())
        generator.setViewBox(self._plot.rect())
        generator.setTitle(self.accessibleName())
        self._paint(generator)

    def _save_png(self, path: Path) -> None:
        image = QImage(self._plot.size() * 2, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(2)
        self._paint(image)
        if not image.save(str(path)):
            path.touch()
            raise OSError(0, "unknown error", str(path))

    def _paint(self, device: Any) -> None:
        painter = QPainter(device)
        painter.fillRect(QRectF(self._plot.rect()), theme.color("card"))
        self._plot.render(painter, QRectF(self._plot.rect()), self._plot.rect())
        painter.end()

    def _fillings(self, points: tuple[tuple[float, float], ...], token: str) -> list[QBrush]:
        """Return the fillings of points: the colour of the card for preliminary ones."""
        firm_from = self._curves.firm_from if self._curves is not None else 0.0
        return [self._brushes[token if x >= firm_from else "card"] for x, _ in points]

    def _restyle(self) -> None:
        # The same brushes each time: the plot caches its symbols by brush.
        self._brushes = {token: QBrush(theme.color(token)) for token in ("accent", "second", "card")}
        self._plot.setBackground(theme.color("card"))
        self._raw.setPen(pyqtgraph.mkPen(theme.color("accent", 0.5), width=1))
        self._training.setPen(pyqtgraph.mkPen(theme.color("accent"), width=2))
        self._training.setSymbolPen(pyqtgraph.mkPen(theme.color("accent"), width=2))
        self._training.setSymbolSize(6)
        second = theme.color("second")
        self._validation.setPen(pyqtgraph.mkPen(second, width=2, style=Qt.PenStyle.DashLine))
        self._validation.setSymbol("o")
        self._validation.setSymbolPen(pyqtgraph.mkPen(second, width=2))
        self._validation.setSymbolSize(7)
        self._best.setPen(pyqtgraph.mkPen(theme.color("good"), width=1, style=Qt.PenStyle.DotLine))
        self._pointer.setPen(pyqtgraph.mkPen(theme.color("muted"), width=1))
        self._quick.setPen(pyqtgraph.mkPen(theme.color("muted"), width=1, style=Qt.PenStyle.DashLine))
        self._forecast.setBrush(theme.color("good", 0.12))
        for line in self._forecast.lines:
            line.setPen(pyqtgraph.mkPen(theme.color("good", 0.4), width=1))
        for name in (self._forecast_name, self._quick.label):
            name.setColor(theme.color("muted"))
            name.setFont(theme.font(11))
        self._quick.label.fill = QBrush(theme.color("card", 0.6))  # readable over a curve, which shines through
        for side in ("left", "bottom"):
            axis = self._plot.getAxis(side)
            axis.setStyle(tickFont=theme.font(11), tickLength=0, maxTickLevel=0)
            axis.setPen(QColor(0, 0, 0, 0))
            axis.setTickPen(theme.color("line"))
            axis.setTextPen(theme.color("muted"))
            axis.setZValue(-1)  # the grid, behind what is drawn: Quick's level may be the height of one of its lines
            axis.label.setFont(theme.font(11))
            axis.enableAutoSIPrefix(False)
        self._plot.getAxis("left").setWidth(52)
        self._plot.showGrid(x=False, y=True, alpha=1.0)

    def _name_axis(self, name: str) -> None:
        axis = self._plot.getAxis("bottom")
        if axis.labelText != name:  # setting it lays the plot out again
            axis.setLabel(name)

    def _show_loss_range(self, curves: Curves, *, logarithmic: bool) -> None:
        values = [y for _, y in (*curves.smooth, *curves.training, *curves.validation)]
        if logarithmic:
            self._plot.enableAutoRange(axis="y")
            return
        self._plot.setYRange(0, max(values, default=1.0) * 1.05, padding=0.02)

    def _on_mouse_moved(self, position: QPointF) -> None:
        box = self._plot.getPlotItem().vb
        found = None
        if self._curves is not None and box.sceneBoundingRect().contains(position):
            x = box.mapSceneToView(position).x()
            found = values_near(self._curves, x, by_batch=self._by_batch)
        self._pointer.setVisible(found is not None)
        self._words.setVisible(found is not None)
        if found is None:
            return
        self._pointer.setValue(found[0])
        self._words.setText(self._spoken_values(*found))
        self._words.adjustSize()
        at = self._plot.mapFromScene(box.mapViewToScene(QPointF(found[0], 0)))
        left = at.x() + 8 if at.x() + 8 + self._words.width() < self.width() else at.x() - 8 - self._words.width()
        self._words.move(left, 6)

    def _spoken_values(self, x: float, training: float | None, validation: float | None) -> str:
        assert self._curves is not None
        if self._curves.against_images:
            parts = [self.tr("{n} pictures").format(n=texts.number(int(x)))]
        else:
            parts = [self.tr("epoch {n}").format(n=f"{x:.1f}" if x != int(x) else int(x))]
        if training is not None:
            parts.append(self.tr("training {v}").format(v=self._written(training)))
        if validation is not None:
            parts.append(self.tr("validation {v}").format(v=self._written(validation)))
        return " · ".join(parts)

    def _spoken(self, curves: Curves) -> str:
        name = self.tr("Loss plot") if curves.quantity is Quantity.LOSS else self.tr("Accuracy plot")
        parts = []
        if curves.validation:
            parts.append(self.tr("validation {v}").format(v=self._written(curves.validation[-1][1])))
        if curves.quick is not None:
            parts.append(self.tr("Quick {v}").format(v=self._written(curves.quick)))
        if curves.forecast is not None:
            low, high = map(self._written, curves.forecast)
            parts.append(self.tr("forecast {low} to {high}").format(low=low, high=high))
        return f"{name}: {', '.join(parts)}" if parts else name

    def _written(self, value: float) -> str:
        return texts.percent(value, 1) if self._quantity is Quantity.ACCURACY else texts.loss(value)


def _xy(points: tuple[tuple[float, float], ...]) -> tuple[list[float], list[float]]:
    return [x for x, _ in points], [y for _, y in points]


def _accuracy_range(curves: Curves) -> tuple[float, float]:
    """Return the range of the axis: from a multiple of 20 % below all values, at most 80 %, to 100 %."""
    lowest = min((y for _, y in (*curves.smooth, *curves.training, *curves.validation)), default=0.0)
    return min(0.8, math.floor(lowest * 5) / 5), 1.0
