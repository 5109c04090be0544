"""Painting shared by delegates: thumbnails in rounded squares, bars, shortened texts."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPainterPath, QPen, QPixmap

from xception_gui.domain.visible import visible
from xception_gui.ui.kit import texts, theme


def draw_thumbnail(painter: QPainter, place: QRect, pixmap: QPixmap | None, *, failed: bool = False) -> None:
    """Draw a picture cropped to fill its place, or a placeholder.

    Args:
        painter: of the widget.
        place: pixels.
        pixmap: square; None while it is being made.
        failed: whether the picture can't be shown.
    """
    shape = QPainterPath()
    shape.addRoundedRect(QRectF(place), theme.PICTURE_RADIUS, theme.PICTURE_RADIUS)
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    painter.setClipPath(shape)
    if pixmap is None:
        painter.fillPath(shape, theme.color("background" if failed else "line"))
        if failed:
            _draw_no_picture(painter, QRectF(place).center(), min(place.width(), place.height()) / 104)
    else:
        painter.drawPixmap(place, pixmap, _filling(pixmap, place))
    painter.restore()


def draw_bar(painter: QPainter, place: QRectF, share: float, token: str = "accent") -> None:
    """Draw a bar that is filled to a share of 0..1; a share below 0.5 % fills nothing."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("line"))
    painter.drawRoundedRect(place, place.height() / 2, place.height() / 2)
    if share >= 0.005:
        filled = QRectF(place)
        filled.setWidth(max(2.0, place.width() * min(share, 1.0)))
        radius = min(place.height(), filled.width()) / 2
        painter.setBrush(theme.color(token))
        painter.drawRoundedRect(filled, radius, radius)
    painter.restore()


def draw_text(
    painter: QPainter,
    place: QRect,
    text: str,
    font: QFont,
    token: str = "ink",
    alignment: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
    mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    end: str = "",
) -> bool:
    """Draw one line of text, with invisible characters written out. Returns whether all of it was drawn.

    Args:
        painter: of the widget.
        place: pixels.
        text: shortened if there is too little room.
        font: of the text.
        token: of its colour.
        alignment: in the place.
        mode: where to shorten the text.
        end: end of the text that must not be shortened, such as a figure.
    """
    whole = " ".join(visible(text).split())
    shown = shortened(whole, QFontMetrics(font), mode, place.width(), end)
    painter.setFont(font)
    painter.setPen(theme.color(token))
    painter.drawText(place, int(alignment) | int(Qt.TextFlag.TextSingleLine), shown)
    return shown == whole


def shortened(text: str, metrics: QFontMetrics, mode: Qt.TextElideMode, room: int, end: str = "") -> str:
    """Shorten a text to a width in pixels, except its end. A text that just fits stays whole: Qt alone might cut it."""
    if metrics.horizontalAdvance(text) <= room:
        return text
    if end and text.endswith(end):
        return metrics.elidedText(text.removesuffix(end), mode, room - metrics.horizontalAdvance(end)) + end
    return metrics.elidedText(text, mode, room)


def draw_focus(painter: QPainter, place: QRect, radius: float = theme.CONTROL_RADIUS) -> None:
    """Draw the ring around a focused element."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = painter.pen()
    pen.setColor(theme.color("accent"))
    pen.setWidth(2)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(place).adjusted(1, 1, -1, -1), radius, radius)
    painter.restore()


def _filling(pixmap: QPixmap, place: QRect) -> QRect:
    """Return the central part of a picture with the aspect ratio of its place."""
    width, height = pixmap.width(), pixmap.height()
    scale = min(width / place.width(), height / place.height())
    part = QRect(0, 0, round(place.width() * scale), round(place.height() * scale))
    part.moveCenter(QRect(0, 0, width, height).center())
    return part


def _draw_no_picture(painter: QPainter, middle: QPointF, scale: float) -> None:
    """Draw a frame with a hill and a stroke through it."""
    painter.translate(middle)
    painter.scale(scale, scale)
    painter.setPen(
        QPen(theme.color("muted"), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    )
    painter.drawRoundedRect(QRectF(-17, -14, 34, 28), 4, 4)
    painter.drawPolyline([QPointF(x, y) for x, y in ((-11, 8), (-3, -2), (2, 4), (6, 0), (11, 8))])
    painter.drawLine(QPointF(-20, 20), QPointF(20, -20))


def widest_percentage(metrics: QFontMetrics) -> int:
    """Return the width in pixels of the widest percentage without decimals, rounded up generously: Qt cuts by fractions."""
    return max(metrics.horizontalAdvance(texts.percent(share)) for share in (0.001, 0.999, 1.0)) + 4
