"""Colours that can be read, and an appearance that changes while the window is open."""

from dataclasses import fields

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QColor, QFontInfo, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from tests.ui.contrast import OF_TEXT, contrast
from tests.ui.whole_window import whole_window
from xception_gui.ui.kit import theme
from xception_gui.ui.kit.buttons import button
from xception_gui.ui.kit.cards import Card
from xception_gui.ui.kit.labels import label
from xception_gui.ui.kit.theme import DARK, LIGHT, TEXT_TOKENS, choose_appearance, set_role
from xception_gui.ui.shell.appearance import APPEARANCE

APPEARANCES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])


@pytest.fixture
def appearance(qapp):
    """Choose an appearance; the system's comes back at the end."""
    yield lambda scheme: choose_appearance(qapp, scheme)
    choose_appearance(qapp, Qt.ColorScheme.Unknown)


def test_the_formula_is_the_published_one():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@APPEARANCES
@pytest.mark.parametrize("ground", ["background", "card", "tint"])
@pytest.mark.parametrize("name", TEXT_TOKENS)
def test_text_can_be_read_on_all_that_it_stands_on(tokens, name, ground):
    assert contrast(getattr(tokens, name), getattr(tokens, ground)) >= OF_TEXT


@APPEARANCES
def test_every_colour_is_one(tokens):
    for field in fields(tokens):
        assert QColor(getattr(tokens, field.name)).isValid()


class Painted(QWidget):
    """Paints itself with a token, as delegates and plots do."""

    def paintEvent(self, event):  # noqa: N802
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("accent"))
        painter.end()


def middle(widget: QWidget) -> str:
    image = widget.grab().toImage()
    return image.pixelColor(image.width() // 2, image.height() // 2).name()


def test_what_is_on_the_screen_follows_the_choice_at_once(qtbot, appearance):
    window, painted, card = QWidget(), Painted(), Card()
    line = QHBoxLayout(window)
    line.addWidget(painted)
    line.addWidget(card)
    window.resize(200, 80)
    qtbot.addWidget(window)
    window.show()
    for scheme, tokens in (
        (Qt.ColorScheme.Dark, DARK),
        (Qt.ColorScheme.Light, LIGHT),
        (Qt.ColorScheme.Dark, DARK),
    ):
        appearance(scheme)
        assert theme.tokens() == tokens
        assert middle(painted) == tokens.accent
        assert middle(card) == tokens.card
        assert window.palette().color(window.backgroundRole()).name() == tokens.background


def test_as_the_system_is_light_where_the_system_is(qapp, appearance):
    appearance(Qt.ColorScheme.Dark)
    appearance(Qt.ColorScheme.Unknown)
    assert theme.tokens() == (DARK if qapp.styleHints().colorScheme() is Qt.ColorScheme.Dark else LIGHT)


def test_a_label_that_becomes_an_error_turns_red(qtbot):
    words = label("wrong", "muted")
    qtbot.addWidget(words)
    words.show()
    before = words.palette().color(words.foregroundRole()).name()
    set_role(words, "error")
    after = words.palette().color(words.foregroundRole()).name()
    assert (before, after) == (theme.tokens().muted, theme.tokens().error)


def test_type_grows_with_the_system_s_font(qapp):
    assert theme.text_size(14) == max(14, round(14 * QFontInfo(qapp.font()).pixelSize() / 13))
    assert theme.font(22).pixelSize() > theme.font(12).pixelSize()
    before = qapp.font()
    large = qapp.font()
    large.setPixelSize(26)
    qapp.setFont(large)
    try:
        assert theme.text_size(14) == 28
    finally:
        qapp.setFont(before)


def test_the_keyboard_s_place_is_ringed_and_a_click_s_is_not(qtbot):
    window = QWidget()
    line = QHBoxLayout(window)
    field, first, second = QLineEdit(), button("First", "first"), button("Second", "second")
    for part in (field, first, second):
        line.addWidget(part)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert first.hasFocus() and first.property("ring")
    qtbot.keyClick(first, Qt.Key.Key_Tab)
    assert second.property("ring") and not first.property("ring")
    field.setFocus()
    place = second.mapTo(window, second.rect().center())
    QTest.mouseClick(
        window.windowHandle(), Qt.MouseButton.LeftButton, pos=place
    )  # by way of the system, as a hand does
    assert second.hasFocus() and not second.property("ring")


@pytest.mark.parametrize(("name", "tokens"), [("dark", theme.DARK), ("light", theme.LIGHT)])
def test_the_appearance_that_was_chosen_is_that_of_the_next_start(qapp, settings, monkeypatch, name, tokens):
    try:
        with whole_window(qapp, settings, monkeypatch) as first:
            assert first.window.menus.appearances[Qt.ColorScheme.Unknown].isChecked()
            first.window.findChild(QAction, f"action_appearance_{name}").trigger()
            assert theme.tokens() is tokens
        theme.choose_appearance(qapp, Qt.ColorScheme.Unknown)
        with whole_window(qapp, settings, monkeypatch) as second:
            assert theme.tokens() is tokens
            checked_ones = [scheme for scheme, one in second.window.menus.appearances.items() if one.isChecked()]
            assert [scheme.name.lower() for scheme in checked_ones] == [name]
    finally:
        theme.choose_appearance(qapp, Qt.ColorScheme.Unknown)


def test_rubbish_for_an_appearance_is_that_of_the_system(qapp, settings, monkeypatch):
    settings.setValue(APPEARANCE, "Plaid")
    with whole_window(qapp, settings, monkeypatch) as made:
        assert made.window.menus.appearances[Qt.ColorScheme.Unknown].isChecked()
