"""Preferences: how much the program remembers about pictures, its limit, and forgetting it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QProgressBar, QPushButton, QWidget

from tests.ui.engines import FakeEngine
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.machine import CacheRequest, CacheResult, Stored, StoredKind
from xception_gui.ui.kit import texts
from xception_gui.ui.kit.message_card import MessageCard
from xception_gui.ui.preferences.preferences_dialog import IN_CACHE, PreferencesDialog
from xception_gui.ui.preferences.stored_data import StoredData

GB = 1_000_000_000
STORED = tuple(
    Stored(kind, (number + 1) * GB // 10, f"/home/ada/{kind}", is_cache=number < 4)
    for number, kind in enumerate(StoredKind)
)
FULL = CacheResult(2 * GB, 10 * GB, "/home/ada/cache", STORED)


class Opened:
    """The dialog, and the engine that tends the cache."""

    def __init__(self, qtbot, parent) -> None:
        self.qtbot = qtbot
        self.viewer = FakeEngine()
        self.cache = StoredData(self.viewer.client, parent)
        self.dialog = PreferencesDialog(self.cache)
        qtbot.addWidget(self.dialog)
        with qtbot.waitExposed(self.dialog):
            self.dialog.show()

    @property
    def asked(self) -> list[CacheRequest]:
        return self.viewer.requests(CacheRequest)

    def part(self, kind, name):
        found = self.dialog.findChild(kind, f"preferences_{name}")
        assert found is not None, f"There is no {name}"
        return found

    def words(self, name) -> str:
        return self.part(QLabel, name).text()

    def can(self, name) -> bool:
        wanted = self.part(QWidget, name)
        return wanted.isVisible() and wanted.isEnabled()

    def click(self, name) -> None:
        assert self.can(name), f"{name} can't be clicked"
        self.qtbot.mouseClick(self.part(QPushButton, name), Qt.MouseButton.LeftButton)

    def type_limit(self, text, key) -> None:
        field = self.part(QDoubleSpinBox, "limit")
        field.setFocus()
        field.selectAll()
        self.qtbot.keyClicks(field, text)
        self.qtbot.keyClick(field, key)


@pytest.fixture
def opened(qtbot, qapp):
    return Opened(qtbot, qapp)


@pytest.fixture
def known(opened):
    opened.viewer.job.finish(FULL)
    return opened


def test_it_looks_how_large_the_cache_is_before_anything_can_be_changed(opened):
    assert opened.asked == [CacheRequest()]
    assert opened.words("used") == "One moment…"
    assert not any(opened.can(name) for name in ("limit", "set_limit", "clear"))
    opened.viewer.job.finish(FULL)
    assert opened.words("used") == "2.0 GB of 10.0 GB used"
    bar = opened.part(QProgressBar, "used_bar")
    assert (bar.value(), bar.maximum()) == (200, 1000)
    assert opened.words("place") == "/home/ada/cache"
    assert opened.part(QDoubleSpinBox, "limit").value() == 10.0
    assert opened.can("clear") and not opened.can("set_limit")  # it is set already


def test_it_lists_all_that_is_stored_and_says_what_clearing_leaves(known):
    for stored in STORED:
        assert known.words(f"stored_{stored.kind}") == texts.size(stored.bytes)
        assert (stored.kind in IN_CACHE) is stored.is_cache
    assert "pasted pictures" in known.words("clear_question").lower()


def test_pasted_pictures_that_are_shown_are_spared(qtbot, qapp):
    viewer = FakeEngine()
    cache = StoredData(viewer.client, qapp, spared=lambda: ("a.png",))
    cache.clear()
    viewer.job.finish(FULL)
    cache.set_limit(GB)
    assert viewer.requests(CacheRequest) == [
        CacheRequest(clear=True, spared=("a.png",)),
        CacheRequest(limit=GB, spared=("a.png",)),
    ]


def test_another_limit_is_set_and_what_it_costs_is_said_before(known):
    assert known.words("limit_words") == "When the cache is full, the oldest entries are removed first."
    known.type_limit("0.5", Qt.Key.Key_Tab)
    assert known.words("limit_words") == "About 1.5 GB will be removed, the oldest entries first."
    assert known.asked == [CacheRequest()]  # nothing is lost by looking
    known.click("set_limit")
    assert known.asked[1:] == [CacheRequest(limit=GB // 2)]
    assert not known.can("set_limit")
    known.viewer.job.finish(CacheResult(GB // 2, GB // 2, FULL.folder))
    assert known.words("used") == "500 MB of 500 MB used"


def test_a_limit_is_set_by_enter_and_the_dialog_stays(known):
    known.type_limit("20", Qt.Key.Key_Return)
    assert known.asked[1:] == [CacheRequest(limit=20 * GB)]
    assert known.dialog.isVisible()


def test_clearing_is_asked_once_and_says_what_it_costs(known):
    known.click("clear")
    assert known.asked == [CacheRequest()]
    assert "analysed again" in known.words("clear_question") and "models and your own pictures are kept" in known.words(
        "clear_question"
    )
    known.click("keep")
    assert known.asked == [CacheRequest()] and not known.can("clear_really")
    known.click("clear")
    known.click("clear_really")
    assert known.asked[1:] == [CacheRequest(clear=True)]
    known.viewer.job.finish(CacheResult(0, 10 * GB, FULL.folder))
    assert known.words("used") == "0 bytes of 10.0 GB used"
    assert not known.can("clear")


def test_what_can_not_be_done_is_said_and_tried_again(known):
    known.type_limit("20", Qt.Key.Key_Return)
    known.viewer.job.fail(ErrorCode.SYSTEM_REFUSED, place="", found="read-only file system")
    card = known.part(MessageCard, "failure")
    assert card.isVisible() and "read-only file system" in card.words
    assert known.words("used") == "2.0 GB of 10.0 GB used"
    known.click("again")
    assert known.asked[-1] == CacheRequest() and not card.isVisible()
    known.viewer.job.finish(FULL)
    assert known.part(QDoubleSpinBox, "limit").value() == 20.0 and known.can("set_limit")  # what was typed is there


def test_the_place_can_be_seen(qtbot, known):
    with qtbot.waitSignal(known.dialog.shown_in_folder) as asked:
        known.click("show_in_folder")
    assert asked.args == ["/home/ada/cache"]


def test_while_it_is_busy_nothing_else_is_begun(opened):
    opened.cache.clear()
    opened.cache.set_limit(GB)
    assert opened.asked == [CacheRequest()]


def test_a_viewer_that_is_stopped_leaves_what_was_known(known):
    known.click("clear")
    known.click("clear_really")
    known.viewer.job.be_stopped()
    assert known.words("used") == "2.0 GB of 10.0 GB used" and known.can("clear")
