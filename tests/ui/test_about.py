"""What the program says of itself, and of all that it is made of."""

import json
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QTableWidget, QWidget
from pytestqt.qtbot import QtBot

from xception_gui import __version__
from xception_gui.domain.runtime import LITERT, OPENVINO_BFLOAT16, RuntimeChoice
from xception_gui.paths import models_folder
from xception_gui.ui.shell import components as parts
from xception_gui.ui.shell.about import AboutDialog
from xception_gui.ui.shell.components import components


@pytest.fixture
def about(qtbot: QtBot) -> AboutDialog:
    dialog = AboutDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def child(dialog: AboutDialog, kind: type, name: str):
    found = dialog.findChild(kind, f"about_{name}")
    assert found is not None
    return found


def licence(dialog: AboutDialog) -> str:
    return child(dialog, QPlainTextEdit, "licence").toPlainText()


def select(dialog: AboutDialog, name: str) -> list[str]:
    """Select a component, and give its row."""
    table = child(dialog, QTableWidget, "components")
    [row] = [row for row in range(table.rowCount()) if table.item(row, 0).text().lower() == name.lower()]
    table.selectRow(row)
    return [table.item(row, column).text() for column in range(table.columnCount())]


def test_it_says_name_version_and_promise(about: AboutDialog) -> None:
    assert child(about, QLabel, "name").text() == "Xception GUI"
    assert __version__ in child(about, QLabel, "version").text()
    assert "never leave this computer" in child(about, QLabel, "promise").text()
    assert "LGPL" in child(about, QLabel, "qt").text()


def test_the_runtime_of_predictions_is_told_with_the_reason_once_it_is_known(about: AboutDialog) -> None:
    assert child(about, QLabel, "runtime").text() == ""
    about.show_runtime(RuntimeChoice(OPENVINO_BFLOAT16, {LITERT: 0.044, OPENVINO_BFLOAT16: 0.027}))
    told = child(about, QLabel, "runtime").text()
    assert told == "Predictions use OpenVINO (bfloat16): 27 ms per picture, against 44 ms in LiteRT (float32)."


def test_everything_the_program_needs_is_listed_with_its_version() -> None:
    listed = {component.name.lower(): component.version for component in components()}
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    needed = [text.partition(";")[0].rstrip("<>=.,0123456789") for text in project["dependencies"]]
    assert "numpy" in needed
    recorded = {
        text.partition(";")[0].rstrip("<>=.,0123456789 ") for text in distribution("xception-gui").requires or ()
    }
    for name in set(needed) & recorded:
        assert listed[distribution(name).name.lower()] == version(name)
    assert listed["mdurl"] == version("mdurl")  # needed by what rich needs
    assert listed["xception-gui"] == __version__


def test_what_only_tests_need_is_not_listed() -> None:
    listed = {component.name.lower() for component in components()}

    assert not listed & {"pytest", "mypy", "ruff", "hypothesis", "scikit-learn", "import-linter"}


def test_every_component_has_a_licence_and_its_text() -> None:
    for component in components():
        assert component.licence, component.name
        assert component.read_text(), component.name
    assert len(components()) == len({component.name for component in components()})


def test_the_licence_of_what_is_selected_is_shown(about: AboutDialog) -> None:
    assert "MIT License" in licence(about)  # the program's own, from the start

    assert select(about, "numpy")[1] == version("numpy")
    assert "NumPy Developers" in licence(about)

    [weights] = [component.name for component in components() if "weights" in component.name]
    assert select(about, weights)[2] == "MIT"
    assert licence(about) == (models_folder() / "LICENSE").read_text(encoding="utf-8")


def test_it_can_be_used_without_a_mouse(about: AboutDialog, qtbot: QtBot) -> None:
    table = child(about, QTableWidget, "components")
    about.activateWindow()
    qtbot.waitUntil(table.hasFocus)
    before = licence(about)

    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert licence(about) != before
    qtbot.keyClick(table, Qt.Key.Key_Tab)
    qtbot.waitUntil(child(about, QPlainTextEdit, "licence").hasFocus)
    qtbot.keyClick(child(about, QPlainTextEdit, "licence"), Qt.Key.Key_Tab)
    qtbot.waitUntil(child(about, QPushButton, "close").hasFocus)
    qtbot.keyClick(child(about, QPushButton, "close"), Qt.Key.Key_Space)
    assert not about.isVisible()


def test_escape_closes_it(about: AboutDialog, qtbot: QtBot) -> None:
    qtbot.keyClick(about, Qt.Key.Key_Escape)

    assert not about.isVisible()


@pytest.mark.parametrize(
    ("kind", "name"), [(QTableWidget, "components"), (QPlainTextEdit, "licence"), (QPushButton, "close")]
)
def test_parts_that_can_be_acted_on_have_names(about: AboutDialog, kind: type[QWidget], name: str) -> None:
    assert child(about, kind, name).accessibleName()


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Made-up packages beside the installed ones."""
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def install(folder: Path, name: str, *lines: str, licence: str = "") -> None:
    info = folder / f"{name.replace('-', '_')}-1.0.dist-info"
    info.mkdir()
    head = ["Metadata-Version: 2.4", f"Name: {name}", "Version: 1.0", *lines]
    (info / "METADATA").write_text("\n".join(head) + "\n", encoding="utf-8")
    record = [f"{info.name}/METADATA,,"]
    if licence:
        (info / "licenses").mkdir()
        (info / "licenses" / "LICENSE.txt").write_text(licence, encoding="utf-8")
        record.append(f"{info.name}/licenses/LICENSE.txt,,")
    (info / "RECORD").write_text("\n".join(record) + "\n", encoding="utf-8")


def test_extras_are_followed_where_they_are_asked_for(packages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PROGRAM", "made-up")
    install(packages, "made-up", "Requires-Dist: made-up-a[fast]>=1", "Requires-Dist: made-up-d ; extra == 'gpu'")
    install(
        packages, "made-up-a", 'Requires-Dist: made-up-b ; extra == "fast"', "Requires-Dist: made-up-c; extra=='dev'"
    )
    install(
        packages, "made-up-b", "Requires-Dist: made-up ; python_version >= '3'", "Requires-Dist: not-installed-here"
    )
    install(packages, "made-up-c")
    install(packages, "made-up-d", "Requires-Dist: made-up-a")

    listed = [component.name for component in components() if component.name.startswith("made-up")]

    assert listed == ["made-up", "made-up-a", "made-up-b", "made-up-d"]


@pytest.mark.parametrize(
    ("lines", "text", "name"),
    [
        (["License-Expression: MIT", "License: old"], "", "MIT"),
        (["License: BSD"], "", "BSD"),
        (
            ["License: " + "the whole text " * 20, "Classifier: License :: OSI Approved :: BSD License"],
            "",
            "BSD License",
        ),
        (["Classifier: License :: OSI Approved :: Public License 2.0 (PL)"], "", "Public License 2.0 (PL)"),
        ([], "Licensed under the Apache License, Version 2.0", "Apache License"),
        ([], "Do what you like.", "see its text"),
    ],
)
def test_a_licence_is_named_by_whatever_names_it(packages: Path, lines: list[str], text: str, name: str) -> None:
    install(packages, "made-up", *lines, licence=text)

    component = parts.package(distribution("made-up"))

    assert component.licence == name
    told = component.read_text()
    assert told == text or (not text and told.startswith("made-up doesn't include the text of its licence."))


def test_a_program_without_metadata_lists_what_it_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PROGRAM", "not-installed-at-all")
    with pytest.raises(PackageNotFoundError):
        distribution("not-installed-at-all")

    assert [component.licence for component in components()] == ["MIT", "PSF-2.0"]


def test_a_packaged_program_lists_what_was_put_into_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part = {"name": "libfoo (Debian)", "version": "1.2-3", "licence": "see its text", "text": "Do as you like."}
    (tmp_path / "contents.json").write_text(json.dumps([part]), encoding="utf-8")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)

    [component] = components()

    assert (component.name, component.version, component.licence) == ("libfoo (Debian)", "1.2-3", "see its text")
    assert component.read_text() == "Do as you like."


def test_the_text_of_the_lgpl_is_shown_for_qt(about: AboutDialog) -> None:
    select(about, "PySide6_Essentials")
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in licence(about)
