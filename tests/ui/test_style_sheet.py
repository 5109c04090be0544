"""Colours that can be read: every pair that the style sheet makes, whatever state a widget is in, light and dark.

The sheet is read as it is set, with the cascade as Qt applies it, so that a rule that is forgotten is missed: what it
would have said comes from a rule before it, and may be white on grey.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QWidget

from tests.ui.contrast import OF_GRAPHICS, OF_TEXT, contrast
from xception_gui.ui.kit import theme
from xception_gui.ui.kit.theme import choose_appearance

STATES = {
    "": (),
    "hover": ("hover",),
    "pressed": ("hover", "pressed"),
    "focus": ("focus",),
    "disabled": ("disabled",),
    "checked": ("checked",),
    "checked, hover": ("checked", "hover"),
    "checked, disabled": ("checked", "disabled"),
    "selected": ("selected",),
}
"""What a person may see a widget in. What is disabled is never hovered or pressed, for Qt."""

ROLES = ("", "primary", "destructive", "link", "plain", "chip", "step")
SAME_HUE = 12  # degrees
COLOURED = 0.4  # saturation; of black, white and grey there is next to none

WITHOUT_TEXT = ("::indicator", "::chunk", "::handle", "::separator")

CONTAINERS = re.compile(r'QMainWindow|QDialog|QFrame\[role="(?!rule).*|QWidget#.*|QPushButton\[role="recipe"\]')
"""What others stand on. (A recipe is a button with labels in it; a rule is a line.)"""


@dataclass(frozen=True)
class Element:
    """What a rule speaks of, whatever state that is in: `QPushButton[role="primary"]`, `QMenu::item`."""

    kind: str  # with the kinds above it, where the sheet names them
    attributes: frozenset[str] = frozenset()
    part: str = ""  # a part of it, as an indicator

    def __str__(self) -> str:
        return self.kind + "".join(f"[{one}]" for one in sorted(self.attributes)) + self.part


@dataclass(frozen=True)
class Rule:
    """What an element looks like in some states."""

    element: Element
    states: frozenset[str]
    looks: dict[str, str]

    def holds_for(self, element: Element, states: tuple[str, ...]) -> bool:
        own = self.element
        is_it = (own.kind, own.part) == (element.kind, element.part)
        return is_it and own.attributes <= element.attributes and self.states <= set(states)

    @property
    def weight(self) -> int:
        """Of rules that hold, the one with most conditions wins, and of those the last."""
        return len(self.element.attributes) + len(self.states)


def rule_of(selector: str, looks: dict[str, str]) -> Rule:
    base, _, part = selector.partition("::")
    name, *states = (part or base).split(":")
    kind = base if part else name
    attributes = frozenset(re.findall(r"\[(.+?)\]", kind))
    element = Element(re.sub(r"\[.+?\]", "", kind), attributes, f"::{name}" if part else "")
    return Rule(element, frozenset(states), looks)


def rules_of(sheet: str) -> Iterator[Rule]:
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet):
        said = (one.partition(":") for one in body.split(";") if one.strip())
        looks: dict[str, str] = {}
        for name, _, value in said:
            looks[name.strip()] = value.strip()
            if name.strip() == "border":  # which has its colour in it
                looks["border-color"] = value.split()[-1]
        for selector in selectors.split(","):
            yield rule_of(" ".join(selector.split()), looks)


class Sheet:
    """The style sheet of an appearance."""

    def __init__(self, text: str) -> None:
        self._rules = list(rules_of(text))
        self.elements = sorted({rule.element for rule in self._rules}, key=str)

    def look(self, element: Element, states: tuple[str, ...], name: str) -> str:
        """Say what a property of an element is; empty where nothing says it."""
        holding = [rule for rule in self._rules if name in rule.looks and rule.holds_for(element, states)]
        return max(reversed(holding), key=lambda rule: rule.weight).looks[name] if holding else ""

    def own_ground(self, element: Element, states: tuple[str, ...]) -> str:
        """Say what an element has behind its text: its own, or that of the element it is a part of; empty: none."""
        for one in (element, Element(element.kind, element.attributes)):
            found = self.look(one, states, "background")
            if found:
                return "" if found == "transparent" else found
        return ""

    def text(self, element: Element, states: tuple[str, ...]) -> str:
        """Say the colour of an element's text, or of the element it is a part of; empty: nothing says it."""
        return self.look(element, states, "color") or self.look(
            Element(element.kind, element.attributes), states, "color"
        )

    def grounds(self) -> set[str]:
        """Say which colours things stand on that have no ground of their own."""
        containers = [one for one in self.elements if CONTAINERS.fullmatch(str(one))]
        found = {self.own_ground(one, states) for one, states in product(containers, STATES.values())}
        return found - {""}

    def on(self, element: Element, states: tuple[str, ...]) -> set[str]:
        """Say on which colours an element's text may stand."""
        own = self.own_ground(element, states)
        return {own} if own else self.grounds()


@pytest.fixture(params=[Qt.ColorScheme.Light, Qt.ColorScheme.Dark], ids=["light", "dark"], scope="module")
def sheet(qapp, request):
    choose_appearance(qapp, request.param)
    yield Sheet(qapp.styleSheet())
    choose_appearance(qapp, Qt.ColorScheme.Unknown)


def pairs(sheet: Sheet) -> Iterator[tuple[str, str, str]]:
    """Give text and ground of every element in every state."""
    for element, (state, states) in product(sheet.elements, STATES.items()):
        text = sheet.text(element, states)
        if text and element.part not in WITHOUT_TEXT:
            yield from ((f"{element} {state}", text, ground) for ground in sheet.on(element, states))


def test_the_whole_sheet_is_understood(sheet):
    assert len(sheet.elements) > 60
    assert sheet.grounds() >= {sheet.look(Element("QMainWindow"), (), "background")} and len(sheet.grounds()) == 4
    assert len(list(pairs(sheet))) > 500


def test_every_text_can_be_read_on_whatever_it_stands(sheet):
    wrong = {where: (text, ground) for where, text, ground in pairs(sheet) if contrast(text, ground) < OF_TEXT}
    assert wrong == {}


def test_every_text_that_is_selected_can_be_read(sheet):
    found = [
        (element, sheet.look(element, (), "selection-color"), sheet.look(element, (), "selection-background-color"))
        for element in sheet.elements
    ]
    marked = [(text, ground) for _, text, ground in found if text or ground]
    assert len(marked) >= 7
    assert all(contrast(text, ground) >= OF_TEXT for text, ground in marked)


def edge_color(sheet: Sheet, element: Element, states: tuple[str, ...]) -> str:
    """Say the colour of an element's edge; empty where there is none."""
    found = sheet.look(element, states, "border-color")
    return "" if found in ("none", "transparent") else found


def test_the_ring_of_the_keyboard_is_seen_on_whatever_it_stands(sheet):
    ringed = [one for one in sheet.elements if 'ring="true"' in one.attributes]
    focused = [rule.element for rule in sheet._rules if "focus" in rule.states]
    rings = [(one, edge_color(sheet, one, ())) for one in ringed]
    rings += [(one, edge_color(sheet, one, ("focus",))) for one in focused if edge_color(sheet, one, ("focus",))]
    assert len(ringed) >= 10 and len(rings) > len(ringed) + 5
    assert [one for one, ring in rings if any(contrast(ring, ground) < OF_GRAPHICS for ground in sheet.grounds())] == []


def test_what_is_checked_and_how_far_a_bar_is_can_be_seen(sheet):
    box, dot = Element("QCheckBox", part="::indicator"), Element("QRadioButton", part="::indicator")
    bar, filled = Element("QProgressBar"), Element("QProgressBar", part="::chunk")
    for ground in sheet.grounds():
        assert contrast(edge_color(sheet, box, ()), ground) >= OF_GRAPHICS
        assert contrast(edge_color(sheet, dot, ()), ground) >= OF_GRAPHICS
        assert contrast(sheet.look(box, ("checked",), "background"), ground) >= OF_GRAPHICS
        assert contrast(edge_color(sheet, dot, ("checked",)), ground) >= OF_GRAPHICS
    assert contrast(sheet.look(filled, (), "background"), sheet.look(bar, (), "background")) >= OF_GRAPHICS


def button_of(role: str) -> Element:
    return Element("QPushButton", frozenset({f'role="{role}"'}) if role else frozenset())


@pytest.mark.parametrize("role", [*ROLES, "recipe"])
def test_a_button_that_can_not_be_pressed_looks_so(sheet, role):
    button = button_of(role)
    usual, disabled = ([sheet.text(button, states), sheet.own_ground(button, states)] for states in ((), ("disabled",)))
    assert usual != disabled


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("states", [("disabled",), ("checked", "disabled")], ids=["disabled", "checked, disabled"])
def test_what_can_not_be_pressed_is_grey_whatever_it_would_do(sheet, role, states):
    """Red and accent are for what can be done."""
    assert sheet.text(button_of(role), states) == theme.tokens().muted


@pytest.mark.parametrize("kind", ["QCheckBox", "QRadioButton", "QComboBox", "QSpinBox", "QDoubleSpinBox", "QLineEdit"])
def test_what_can_not_be_changed_is_grey(sheet, kind):
    assert sheet.text(Element(kind), ("disabled",)) == theme.tokens().muted != sheet.text(Element(kind), ())


@pytest.mark.parametrize("state", ["hover", "pressed"])
def test_what_is_primary_stays_its_colour_under_the_pointer(sheet, state):
    button = button_of("primary")
    usual, now = (QColor(sheet.own_ground(button, states)) for states in ((), STATES[state]))
    assert usual != now
    assert abs(usual.hslHue() - now.hslHue()) <= SAME_HUE and now.hslSaturationF() > COLOURED
    assert contrast(sheet.text(button, STATES[state]), now) >= OF_TEXT


@pytest.mark.parametrize("role", ["", "primary", "destructive", "plain", "rail", "chip"])
def test_a_button_that_is_pressed_looks_so(sheet, role):
    button = button_of(role)
    assert sheet.own_ground(button, STATES["pressed"]) != sheet.own_ground(button, STATES["hover"])


def test_no_label_is_dressed_as_a_card(sheet):
    """For Qt, a label is a frame too: what is said of the frames of a role would hold for its labels."""
    roles = {kind: {one.attributes for one in sheet.elements if one.kind == kind} for kind in ("QLabel", "QFrame")}
    assert {one for one in roles["QLabel"] & roles["QFrame"] if one} == set()


def test_each_tone_of_a_message_has_its_own_colour(sheet):
    edges = {
        role: sheet.look(Element("QFrame", frozenset({f'role="{role}"'})), (), "border-left").split()[-1]
        for role in ("failure", "notice", "news", "success")
    }
    tokens = theme.tokens()
    assert list(edges.values()) == [tokens.error, tokens.warning, tokens.accent, tokens.good]


@pytest.mark.parametrize("role", ["", "primary", "destructive", "recipe", "rail", "chip", "plain"])
def test_a_button_under_the_pointer_looks_so(sheet, role):
    button = Element("QPushButton", frozenset({f'role="{role}"'}) if role else frozenset())
    assert sheet.own_ground(button, ()) != sheet.own_ground(button, ("hover",))


@pytest.mark.parametrize("role", ["rail", "chip", "recipe", "step"])
def test_what_is_chosen_looks_so(sheet, role):
    button = Element("QPushButton", frozenset({f'role="{role}"'}))
    usual, chosen = ([sheet.text(button, states), sheet.own_ground(button, states)] for states in ((), ("checked",)))
    assert usual != chosen


@pytest.mark.parametrize("role", ["", "primary", "destructive", "plain", "link", "rail", "chip"])
@pytest.mark.parametrize("state", ["", "disabled", "checked"])
def test_qt_paints_what_was_read_here(qtbot, sheet, role, state):
    window = QWidget()
    window.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    made = QPushButton(parent=window)
    made.setProperty("role", role)
    made.setCheckable(True)
    made.setChecked(state == "checked")
    made.setEnabled(state != "disabled")
    line = QHBoxLayout(window)
    line.addWidget(made)
    made.setFixedSize(60, 40)
    qtbot.addWidget(window)
    window.show()
    element = Element("QPushButton", frozenset({f'role="{role}"'}))
    expected = sheet.own_ground(element, STATES[state]) or window.palette().color(window.backgroundRole()).name()
    assert QColor(window.grab().toImage().pixel(made.geometry().center())) == QColor(expected)


def test_there_is_one_sheet_for_the_whole_program(qapp):
    assert isinstance(qapp, QApplication) and len(list(rules_of(qapp.styleSheet()))) > 100


@pytest.mark.parametrize("group", [QPalette.ColorGroup.Active, QPalette.ColorGroup.Disabled])
def test_what_qt_paints_without_the_sheet_can_be_read_too(qapp, sheet, group):
    """Words in the place of a text that is missing, the parts of Qt's own dialogs, what is marked."""
    role = QPalette.ColorRole
    palette = qapp.palette()
    for text, ground in (
        (role.WindowText, role.Window),
        (role.Text, role.Base),
        (role.Text, role.AlternateBase),
        (role.PlaceholderText, role.Base),
        (role.ButtonText, role.Button),
        (role.ToolTipText, role.ToolTipBase),
        (role.HighlightedText, role.Highlight),
        (role.Link, role.Window),
    ):
        assert contrast(palette.color(group, text), palette.color(group, ground)) >= OF_TEXT, text
