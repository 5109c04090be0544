"""Colours, sizes and the style sheet: one table, light and dark."""

from dataclasses import asdict, dataclass
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from xception_gui.paths import resources_folder
from xception_gui.ui.kit.enter_key import EnterKey
from xception_gui.ui.kit.focus_ring import FocusRing

PAGE_MARGIN = 32
BETWEEN_BLOCKS = 20
BETWEEN_CARDS = 16
INSIDE = 18
"""In pixels, like all sizes here; Qt scales them on dense screens."""

CARD_RADIUS = 12
CONTROL_RADIUS = 8
PICTURE_RADIUS = 6


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one appearance. Text tokens are readable on background, card and tint (a test computes it)."""

    background: str
    card: str
    tint: str  # selection
    line: str
    ink: str
    muted: str
    accent: str  # training; primary elements
    second: str  # validation
    good: str
    warning: str
    error: str
    on_accent: str


LIGHT = Tokens(
    background="#f6f7f9",
    card="#ffffff",
    tint="#edf2ff",
    line="#e4e7ec",
    ink="#1b2330",
    muted="#5b6577",
    accent="#2459d6",
    second="#b3520a",
    good="#137a45",
    warning="#985a00",
    error="#c4231a",
    on_accent="#ffffff",
)
DARK = Tokens(
    background="#16191f",
    card="#1e232b",
    tint="#1d2a44",
    line="#303744",
    ink="#e8ebf0",
    muted="#a3adbb",
    accent="#7ea9ff",
    second="#ffa14a",
    good="#4cc38a",
    warning="#f0b13f",
    error="#ff8a82",
    on_accent="#10141b",
)
CHOSEN = "chosen_appearance"
"""Property of the application: the appearance chosen by the person, None for the system's."""

TEXT_TOKENS = ("ink", "muted", "accent", "second", "good", "warning", "error")


def tokens() -> Tokens:
    """Return the colours of the current appearance."""
    app = QApplication.instance()
    chosen = app.property(CHOSEN) if app is not None else None
    scheme = chosen or QGuiApplication.styleHints().colorScheme()
    return DARK if scheme is Qt.ColorScheme.Dark else LIGHT


def choose_appearance(app: QApplication, scheme: Qt.ColorScheme) -> None:
    """Set the appearance: light, dark, or Unknown for the system's.

    Qt is told too, for its own dialogs; that alone is not enough, as not every system lets a program choose.
    """
    app.setProperty(CHOSEN, None if scheme is Qt.ColorScheme.Unknown else scheme)
    app.styleHints().setColorScheme(scheme)
    _dress(app)


def color(name: str, opacity: float = 1.0) -> QColor:
    """Return a colour token of the current appearance, for widgets that paint themselves."""
    value = QColor(getattr(tokens(), name))
    value.setAlphaF(opacity)
    return value


def text_size(pixels: int) -> int:
    """Scale a font size, given for a system font of 13 pixels, to the actual system font."""
    return max(pixels, round(pixels * QFontInfo(QApplication.font()).pixelSize() / 13))


def font(pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the system font in a given size, for widgets that paint themselves."""
    result = QFont(QApplication.font())
    result.setPixelSize(text_size(pixels))
    result.setWeight(weight)
    return result


def apply_theme(app: QApplication) -> None:
    """Apply the style sheet, and again whenever the system changes between light and dark."""
    app.setStyle(QStyleFactory.create("Fusion"))
    _dress(app)
    app.styleHints().colorSchemeChanged.connect(lambda: _dress(app))
    FocusRing(app)
    EnterKey(app)


def set_role(widget: QWidget, role: str) -> None:
    """Change the `role` of a widget in the style sheet, and redraw the widget."""
    if widget.property("role") == role:
        return
    widget.setProperty("role", role)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def _dress(app: QApplication) -> None:
    now = tokens()
    app.setPalette(_palette(now))
    sizes = {f"px{size}": text_size(size) for size in (11, 12, 13, 14, 16, 20, 22)}
    app.setStyleSheet(
        Template(_STYLE).substitute(
            asdict(now),
            **sizes,
            hover=_between(now.card, now.ink, 0.05),
            accent_hover=_between(now.accent, now.ink, 0.2),
            accent_pressed=_between(now.accent, now.ink, 0.4),
            chevron=_drawing("chevron", now),
            chevron_up=_drawing("chevron-up", now),
            check=_drawing("check", now),
        )
    )


def _drawing(name: str, now: Tokens) -> str:
    """Return the path of a small icon in the colours of an appearance."""
    return (resources_folder() / "icons" / f"{name}-{'dark' if now is DARK else 'light'}.svg").as_posix()


def _palette(now: Tokens) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: now.background,
        QPalette.ColorRole.WindowText: now.ink,
        QPalette.ColorRole.Base: now.card,
        QPalette.ColorRole.AlternateBase: now.background,
        QPalette.ColorRole.Text: now.ink,
        QPalette.ColorRole.PlaceholderText: now.muted,
        QPalette.ColorRole.Button: now.card,
        QPalette.ColorRole.ButtonText: now.ink,
        QPalette.ColorRole.ToolTipBase: now.card,
        QPalette.ColorRole.ToolTipText: now.ink,
        QPalette.ColorRole.Highlight: now.accent,
        QPalette.ColorRole.HighlightedText: now.on_accent,
        QPalette.ColorRole.Link: now.accent,
        QPalette.ColorRole.Accent: now.accent,
        QPalette.ColorRole.Mid: now.line,
        QPalette.ColorRole.Light: now.line,
    }
    for role, value in roles.items():
        palette.setColor(role, QColor(value))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(now.muted))
    return palette


def _between(start: str, end: str, share: float) -> str:
    a, b = QColor(start), QColor(end)
    mixed = (round(x + (y - x) * share) for x, y in zip(a.getRgb()[:3], b.getRgb()[:3], strict=True))  # type: ignore[index]
    return QColor(*mixed).name()


_STYLE = """
* { font-size: ${px14}px; }
QMainWindow, QDialog { background: $background; }
QStackedWidget, QStackedWidget > QWidget { background: transparent; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QToolTip { background: $card; color: $ink; border: 1px solid $line; padding: 4px; }

QLabel { color: $ink; background: transparent; }
QLabel[role="title"] { font-size: ${px22}px; font-weight: 600; }
QLabel[role="heading"] { font-size: ${px16}px; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="figure"] { font-size: ${px20}px; font-weight: 600; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="label"] { color: $muted; font-size: ${px12}px; }
QLabel[role="readout"] { background: $card; color: $ink; border: 1px solid $line; border-radius: 6px; padding: 2px 7px;
    font-size: ${px12}px; }
QLabel[role="accent"] { color: $accent; font-size: ${px12}px; }
QLabel[role="good"] { color: $good; font-size: ${px12}px; }
QLabel[role="warning"] { color: $warning; font-size: ${px12}px; }
QLabel[role="error"] { color: $error; font-size: ${px12}px; }
QLabel[role="chip"], QLabel[role="chip-on-tint"] { color: $accent; background: $tint; font-size: ${px12}px;
    font-weight: 600; border-radius: 9px; padding: 2px 8px; }
QLabel[role="chip-on-tint"] { background: $card; }

QFrame[role="card"] { background: $card; border: 1px solid $line; border-radius: 12px; }
QFrame[role="selected-card"] { background: $tint; border: 2px solid $accent; border-radius: 12px; }
QFrame[role="failure"] { background: $card; border: 1px solid $line; border-left: 4px solid $error;
    border-radius: 12px; }
QFrame[role="notice"] { background: $card; border: 1px solid $line; border-left: 4px solid $warning;
    border-radius: 12px; }
QFrame[role="bar"] { background: $tint; border: 1px solid $line; border-radius: 12px; }
QFrame[role="news"] { background: $card; border: 1px solid $line; border-left: 4px solid $accent;
    border-radius: 12px; }
QFrame[role="success"] { background: $card; border: 1px solid $line; border-left: 4px solid $good;
    border-radius: 12px; }
QFrame[role="drop"] { background: $tint; border: 2px dashed $accent; border-radius: 12px; }
QFrame[role="drop-over"] { background: $tint; border: 2px solid $accent; border-radius: 12px; }
QFrame[role="rule"] { background: $line; border: none; }
QWidget#rail { background: $card; border-right: 1px solid $line; }

QPushButton { background: $card; color: $ink; border: 1px solid $line; border-radius: 8px; padding: 8px 15px;
    font-weight: 600; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $line; }
QPushButton:disabled { color: $muted; background: $background; }
QPushButton[ring="true"] { border: 2px solid $accent; padding: 7px 14px; }
QPushButton[role="primary"] { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton[role="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[role="primary"]:pressed { background: $accent_pressed; border-color: $accent_pressed; }
QPushButton[role="primary"][ring="true"] { border: 2px solid $ink; }
QPushButton[role="primary"]:disabled { background: $line; color: $muted; border-color: $line; }
QPushButton[role="destructive"] { color: $error; }
QPushButton[role="destructive"]:disabled { color: $muted; }
QPushButton[role="link"] { background: transparent; border: none; color: $accent; padding: 2px 4px; font-weight: 400;
    font-size: ${px12}px; text-decoration: underline; text-align: left; }
QPushButton[role="link"][ring="true"] { border: 2px solid $accent; padding: 0px 2px; border-radius: 4px; }
QPushButton[role="link"]:disabled { color: $muted; text-decoration: none; }
QPushButton[role="plain"] { border-color: transparent; background: transparent; padding: 8px 10px; }
QPushButton[role="plain"]:hover { background: $hover; }
QPushButton[role="plain"]:pressed { background: $line; }
QPushButton[role="plain"]:disabled { background: transparent; }
QPushButton[role="plain"][ring="true"] { border: 2px solid $accent; padding: 7px 9px; }
QPushButton[role="rail"] { background: transparent; border: 2px solid transparent; color: $muted; text-align: left;
    padding: 7px 10px; font-weight: 500; }
QPushButton[role="rail"]:hover { background: $hover; color: $ink; }
QPushButton[role="rail"]:pressed { background: $line; color: $ink; }
QPushButton[role="rail"]:checked { background: $tint; color: $accent; }
QPushButton[role="rail"][ring="true"] { border: 2px solid $accent; }
QPushButton[role="chip"] { background: transparent; border: 1px solid transparent; border-radius: 12px; color: $ink;
    font-size: ${px12}px; font-weight: 600; padding: 4px 9px; }
QPushButton[role="chip"]:hover { background: $hover; }
QPushButton[role="chip"]:pressed { background: $line; }
QPushButton[role="chip"]:checked { background: $tint; color: $accent; }
QPushButton[role="chip"]:disabled { background: transparent; color: $muted; font-weight: 400; }
QPushButton[role="chip"][ring="true"] { border: 2px solid $accent; padding: 3px 8px; }
QPushButton[role="step"] { background: transparent; border: 2px solid transparent; color: $ink; font-weight: 600;
    padding: 2px 4px 2px 0; text-align: left; }
QPushButton[role="step"]:hover { color: $accent; }
QPushButton[role="step"]:checked { color: $accent; }
QPushButton[role="step"]:disabled { background: transparent; color: $muted; }
QPushButton[role="step"][ring="true"] { border: 2px solid $accent; border-radius: 4px; }
QPushButton[role="recipe"] { background: $card; border: 1px solid $line; border-radius: 12px; text-align: left; }
QPushButton[role="recipe"]:hover { background: $hover; }
QPushButton[role="recipe"]:disabled { background: $background; }
QLabel[role="heading"]:disabled { color: $muted; }
QPushButton[role="recipe"]:checked { background: $tint; border: 2px solid $accent; }
QPushButton[role="recipe"][ring="true"] { border: 2px solid $ink; }
QPushButton::menu-indicator { image: none; width: 0; }

QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox, QPlainTextEdit, QTextBrowser { background: $card; color: $ink;
    border: 1px solid $line; border-radius: 8px; padding: 6px 9px; selection-background-color: $accent;
    selection-color: $on_accent; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus, QPlainTextEdit:focus, QTextBrowser:focus {
    border: 2px solid $accent; padding: 5px 8px; }
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus { border: none; padding: 0; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { subcontrol-origin: border; width: 24px; border: none; }
QAbstractSpinBox::up-button { subcontrol-position: top right; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; }
QAbstractSpinBox::up-arrow { image: url("$chevron_up"); width: 12px; height: 12px; }
QAbstractSpinBox::down-arrow { image: url("$chevron"); width: 12px; height: 12px; }
QSpinBox:disabled, QDoubleSpinBox:disabled { color: $muted; background: $background; }
QLineEdit[role="wrong"] { border: 2px solid $error; padding: 5px 8px; }
QLineEdit:disabled, QComboBox:disabled { color: $muted; background: $background; }
QComboBox { combobox-popup: 0; }
QComboBox::drop-down { border: none; width: 26px; }
QComboBox::down-arrow { image: url("$chevron"); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $card; color: $ink; border: 1px solid $line; outline: none;
    selection-background-color: $tint; selection-color: $accent; }
QCheckBox::indicator { width: 14px; height: 14px; border: 1px solid $muted; border-radius: 4px; background: $card; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$check"); }
QCheckBox { color: $ink; spacing: 8px; padding: 2px; border: 2px solid transparent; border-radius: 4px; }
QCheckBox:disabled { color: $muted; }
QCheckBox::indicator:checked:disabled { background: $muted; border-color: $muted; }
QCheckBox[ring="true"] { border: 2px solid $accent; }

QRadioButton::indicator { width: 14px; height: 14px; border: 1px solid $muted; border-radius: 8px; background: $card; }
QRadioButton::indicator:checked { border: 5px solid $accent; width: 6px; height: 6px; }
QRadioButton { color: $ink; font-weight: 600; spacing: 8px; padding: 2px; border: 2px solid transparent;
    border-radius: 4px; }
QRadioButton:disabled { color: $muted; }
QRadioButton::indicator:checked:disabled { border-color: $muted; }
QRadioButton[ring="true"] { border: 2px solid $accent; }

QProgressBar { background: $line; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }

QListView, QTableView { background: transparent; border: 1px solid transparent; color: $ink; outline: none; }
QListView:focus, QTableView:focus { border: 1px solid $accent; border-radius: 8px; }
QListView[role="cards"], QListView[role="cards"]:focus { border: none; }
QTableView::item { padding: 2px 6px; border: none; }
QTableView::item:selected { background: $tint; color: $ink; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section { background: transparent; color: $muted; font-size: ${px12}px; border: none;
    border-bottom: 1px solid $line; padding: 6px; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QTableCornerButton::section { background: transparent; border: none; }
QMenuBar { background: $card; color: $ink; border-bottom: 1px solid $line; }
QMenuBar::item { padding: 4px 10px; background: transparent; }
QMenuBar::item:selected { background: $tint; color: $accent; border-radius: 4px; }
QMenu { background: $card; color: $ink; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 6px 28px 6px 14px; border-radius: 4px; }
QMenu::item:selected { background: $tint; color: $accent; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $line; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $line; border-radius: 4px; margin: 2px; min-height: 32px; min-width: 32px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
"""
