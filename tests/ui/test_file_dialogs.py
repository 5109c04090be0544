"""Choosing files and folders in real dialogs, filled in and accepted as a person does it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QDir, QSettings, QStandardPaths, Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QLineEdit, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from xception_gui.ui.desktop.file_dialogs import (
    Purpose,
    choose_files,
    choose_folder,
    choose_save_file,
    choose_save_kind,
    remember,
    start_folder,
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with the usual folders."""
    home = tmp_path / "home"
    for name in ("Pictures", "Documents"):
        (home / name).mkdir(parents=True)
    config = home / ".config"
    config.mkdir()
    (config / "user-dirs.dirs").write_text(
        'XDG_PICTURES_DIR="$HOME/Pictures"\nXDG_DOCUMENTS_DIR="$HOME/Documents"\n', encoding="utf-8"
    )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(config))
    return home


@pytest.fixture
def answer(qtbot: QtBot) -> Callable[[Callable[[QFileDialog], None]], None]:
    """Do something with the next dialog as soon as it is open; one that is still open then is dismissed."""

    def later(act: Callable[[QFileDialog], None]) -> None:
        timer = QTimer(QApplication.instance())

        def look() -> None:
            dialog = QApplication.activeModalWidget()
            if not isinstance(dialog, QFileDialog):
                return
            timer.stop()
            timer.deleteLater()
            try:
                act(dialog)
            finally:
                if dialog.isVisible():
                    dialog.reject()

        timer.timeout.connect(look)
        timer.start(0)

    return later


def fill_in(qtbot: QtBot, dialog: QFileDialog, text: str) -> None:
    """Put a name in and press the button."""
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    box = dialog.findChild(QDialogButtonBox, "buttonBox")
    assert field is not None
    assert box is not None
    field.setText(text)  # keys would open suggestions, which are more than the offscreen platform can do
    ok = next(b for b in box.buttons() if box.buttonRole(b) is QDialogButtonBox.ButtonRole.AcceptRole)
    qtbot.waitUntil(ok.isEnabled)
    qtbot.mouseClick(ok, Qt.MouseButton.LeftButton)


def test_a_folder_is_chosen_and_remembered_for_its_purpose(
    qtbot: QtBot, answer: Callable[..., None], settings: QSettings, home: Path
) -> None:
    (home / "Pictures" / "cats").mkdir()
    opened_in: list[str] = []

    def choose(dialog: QFileDialog) -> None:
        opened_in.append(dialog.directory().absolutePath())
        assert dialog.windowTitle() == "A folder of pictures"
        fill_in(qtbot, dialog, "cats")

    answer(choose)
    chosen = choose_folder(None, settings, Purpose.DATASET, "A folder of pictures")

    assert chosen == home / "Pictures" / "cats"
    assert opened_in == [str(home / "Pictures")]
    assert start_folder(settings, Purpose.DATASET) == home / "Pictures" / "cats"
    assert start_folder(settings, Purpose.PICTURES) == home / "Pictures"


def test_files_are_chosen_and_their_folder_is_remembered(
    qtbot: QtBot, answer: Callable[..., None], settings: QSettings, home: Path
) -> None:
    for name in ("a.png", "b.png", "notes.txt"):
        (home / "Pictures" / name).touch()
    seen: list[str] = []

    def choose(dialog: QFileDialog) -> None:
        seen.extend(dialog.nameFilters())
        fill_in(qtbot, dialog, '"a.png" "b.png"')

    answer(choose)
    chosen = choose_files(None, settings, Purpose.PICTURES, "Pictures", "Pictures (*.png)")

    assert chosen == [home / "Pictures" / "a.png", home / "Pictures" / "b.png"]
    assert seen == ["Pictures (*.png)"]
    assert start_folder(settings, Purpose.PICTURES) == home / "Pictures"
    settings.sync()
    assert f"pictures={home}/Pictures" in Path(settings.fileName()).read_text(encoding="utf-8")


def test_a_file_to_write_gets_the_suggested_name_and_suffix(
    qtbot: QtBot, answer: Callable[..., None], settings: QSettings, home: Path
) -> None:
    def accept_suggestion(dialog: QFileDialog) -> None:
        assert dialog.selectedFiles() == [str(home / "Documents" / "results.csv")]
        fill_in(qtbot, dialog, "Tuesday")

    answer(accept_suggestion)
    chosen = choose_save_file(None, settings, Purpose.TABLE, "Save", "results.csv", "Tables (*.csv)")

    assert chosen == home / "Documents" / "Tuesday.csv"
    assert start_folder(settings, Purpose.TABLE) == home / "Documents"


def test_the_kind_of_file_is_told_and_remembered(
    qtbot: QtBot, answer: Callable[..., None], settings: QSettings, home: Path
) -> None:
    kinds, offered = ("For spreadsheets (*.csv)", "For scripts (*.csv)"), []

    def take_the_other(dialog: QFileDialog) -> None:
        offered.append(dialog.selectedNameFilter())
        dialog.selectNameFilter(kinds[1])
        fill_in(qtbot, dialog, "Tuesday")

    for _ in range(2):
        answer(take_the_other)
        chosen = choose_save_kind(None, settings, Purpose.TABLE, "Save", "results.csv", kinds)
        assert chosen == (home / "Documents" / "Tuesday.csv", kinds[1])
    assert offered == list(kinds)
    answer(QFileDialog.reject)
    assert choose_save_kind(None, settings, Purpose.TABLE, "Save", "results.csv", kinds) is None


def test_a_file_that_exists_is_asked_about(
    qtbot: QtBot, answer: Callable[..., None], settings: QSettings, home: Path
) -> None:
    (home / "Documents" / "results.csv").write_text("kept", encoding="utf-8")
    asked: list[str] = []

    def say_no() -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            asked.append(box.text())
            box.reject()

    def overwrite(dialog: QFileDialog) -> None:
        timer = QTimer(dialog)
        timer.timeout.connect(say_no)
        timer.start(0)
        fill_in(qtbot, dialog, "results")

    answer(overwrite)
    chosen = choose_save_file(None, settings, Purpose.TABLE, "Save", "results.csv")

    assert chosen is None
    assert len(asked) == 1
    assert "results.csv" in asked[0]


def test_where_nothing_is_replaced_nobody_is_asked(
    qtbot: QtBot, answer: Callable[..., None], settings: QSettings, home: Path
) -> None:
    (home / "Documents" / "model.tflite").write_text("kept", encoding="utf-8")
    answer(lambda dialog: fill_in(qtbot, dialog, "model"))
    kinds = "Models (*.tflite)"
    chosen = choose_save_file(None, settings, Purpose.EXPORT, "Save", "model.tflite", kinds, may_exist=False)

    assert chosen == home / "Documents" / "model.tflite"


def test_a_name_that_may_be_a_folders_gets_no_suffix(
    qtbot: QtBot, answer: Callable[..., None], settings: QSettings, home: Path
) -> None:
    answer(lambda dialog: fill_in(qtbot, dialog, "Tuesday"))

    assert choose_save_file(None, settings, Purpose.EXPORT, "Save", "v1.2") == home / "Documents" / "Tuesday"


@pytest.mark.parametrize("purpose", list(Purpose))
def test_who_chooses_nothing_changes_nothing(
    answer: Callable[..., None], settings: QSettings, home: Path, purpose: Purpose
) -> None:
    window = QWidget()
    for choose in (choose_folder, choose_files, lambda *words: choose_save_file(*words, "name.png")):
        answer(QFileDialog.reject)
        assert not choose(window, settings, purpose, "…")

    assert settings.allKeys() == []
    assert window.findChildren(QFileDialog) == []


def test_a_folder_that_is_gone_opens_the_nearest_that_is_there(settings: QSettings, home: Path) -> None:
    gone = home / "Pictures" / "2019" / "cats"
    gone.mkdir(parents=True)
    remember(settings, Purpose.DATASET, gone)
    assert start_folder(settings, Purpose.DATASET) == gone

    gone.rmdir()
    assert start_folder(settings, Purpose.DATASET) == gone.parent

    gone.parent.rmdir()
    assert start_folder(settings, Purpose.DATASET) == home / "Pictures"


def test_the_root_of_everything_is_no_help(settings: QSettings, home: Path) -> None:
    remember(settings, Purpose.DATASET, Path("/nothing-of-this-name/cats"))

    assert start_folder(settings, Purpose.DATASET) == home / "Pictures"

    remember(settings, Purpose.DATASET, Path(QDir.rootPath()))  # unless it was chosen
    assert start_folder(settings, Purpose.DATASET) == Path(QDir.rootPath())


def test_a_home_without_usual_folders_opens_itself(settings: QSettings, home: Path) -> None:
    (home / "Pictures").rmdir()
    (home / "Documents").rmdir()

    assert {start_folder(settings, purpose) for purpose in Purpose} == {home}


@pytest.mark.skipif(os.name == "nt", reason="Windows names its folders elsewhere")
def test_each_purpose_begins_where_such_things_lie(settings: QSettings, home: Path) -> None:
    assert QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation) == str(home / "Pictures")
    pictures = {purpose for purpose in Purpose if start_folder(settings, purpose) == home / "Pictures"}

    assert pictures == {Purpose.DATASET, Purpose.PICTURES, Purpose.LOCATE}
    assert {start_folder(settings, purpose) for purpose in set(Purpose) - pictures} == {home / "Documents"}


def test_settings_that_hold_something_else_do_no_harm(settings: QSettings, home: Path) -> None:
    settings.setValue("folders/dataset", 7.5)
    assert start_folder(settings, Purpose.DATASET) == home / "Pictures"

    settings.setValue("folders/dataset", "\0")
    assert start_folder(settings, Purpose.DATASET) == home / "Pictures"
