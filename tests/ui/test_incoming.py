"""What can be dropped and pasted, and what is refused in a sentence."""

import base64
import os
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QMimeData, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPixmap

from tests.disks import small_disk
from tests.ui.program import drop_mime
from tests.ui.whole_window import whole_window
from xception_gui.ui.kit.message_card import MessageCard
from xception_gui.ui.pictures import pasted_pictures
from xception_gui.ui.pictures.pasted_pictures import PastedPictures, keep
from xception_gui.ui.predict.feature import PREDICT
from xception_gui.ui.shell import incoming
from xception_gui.ui.shell.incoming import Incoming, may_be_taken, read_incoming


@pytest.fixture
def image(qapp):
    made = QImage(6, 4, QImage.Format.Format_RGB32)
    made.fill(QColor(200, 100, 50))
    return made


@pytest.fixture
def png(image):
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def mime(*, urls=(), text=None, html=None, image=None, **formats) -> QMimeData:
    made = QMimeData()
    if urls:
        made.setUrls([QUrl(url) for url in urls])
    if text is not None:
        made.setText(text)
    if html is not None:
        made.setHtml(html)
    if image is not None:
        made.setImageData(image)
    for kind, data in formats.items():
        made.setData(kind.replace("_", "/", 1).replace("_", "-"), data)
    return made


def read(**what) -> Incoming:
    data = mime(**what)
    assert may_be_taken(data)
    return read_incoming(data)


def test_files_and_folders_are_taken_by_their_paths(tmp_path):
    names = ["a b.jpg", "ünï 猫 #1?.png", "folder"]
    urls = [QUrl.fromLocalFile(str(tmp_path / name)) for name in names]
    assert read(urls=urls) == Incoming(paths=tuple(str(tmp_path / name) for name in names))


def test_what_is_dropped_has_one_path_whatever_way_it_was_named(tmp_path):
    url = QUrl(f"file://{tmp_path}/elsewhere/.././a.jpg")
    assert read(urls=[url]) == Incoming(paths=(str(tmp_path / "a.jpg"),))


def test_a_file_that_is_dragged_with_its_preview_is_taken_as_the_file(image, png):
    found = read(urls=["file:///p/a.jpg"], image=image, image_png=png, text="file:///p/a.jpg")
    assert found == Incoming(paths=("/p/a.jpg",))


@pytest.mark.parametrize(
    "what",
    [
        {"urls": ["https://example.org/cat.jpg"]},
        {"text": "https://example.org/cat.jpg"},
        {"text": " http://example.org/cat.jpg\n"},
        {"urls": ["https://example.org/cat.jpg"], "html": '<img src="https://example.org/cat.jpg">'},
    ],
)
def test_an_address_is_refused_since_nothing_is_ever_fetched(what):
    found = read(**what)
    assert "never uses the network" in found.refusal
    assert not found.is_usable


ELSEWHERE = [
    "file://host/p/cat.jpg",
    "FILE://Host.example.org/p/cat.jpg",
    "file://%65vil/p/cat.jpg",
    "file://127.0.0.1/p/cat.jpg",
    "file://host",
    "file:////host/p/cat.jpg",  # a host all the same, to Windows
    "file://localhost//host/p/cat.jpg",
    "file:///%5C%5Chost/p/cat.jpg",
    "file:///%5Chost/p/cat.jpg",
    "file:////%3F/UNC/host/p/cat.jpg",
    "file:///%3F%3F/UNC/host/p/cat.jpg",
    "file:////./pipe/cat",
    "file:cat.jpg",  # of the folder that the program happens to be in
]


@pytest.mark.parametrize("url", ELSEWHERE)
def test_the_address_of_a_file_on_another_computer_is_refused_since_nothing_is_ever_fetched(url):
    found = read(urls=[url])
    assert "never uses the network" in found.refusal
    assert not found.is_usable
    assert read(text_uri_list=f"{url}\r\n".encode()) == found  # as a clipboard has it


@pytest.mark.parametrize("url", ["file:///p/a%20b.jpg", "file://localhost/p/a%20b.jpg", "file://LOCALHOST/p/a%20b.jpg"])
def test_this_computer_may_be_named(url):
    assert read(urls=[url]) == Incoming(paths=("/p/a b.jpg",))


def test_of_several_the_files_of_this_computer_are_taken_and_the_others_told():
    found = read(urls=["file:///p/a.jpg", "file://host/b.jpg", "file:///p/c.jpg"])
    assert found.paths == ("/p/a.jpg", "/p/c.jpg")
    assert "never uses the network" in found.refusal


@pytest.mark.parametrize("page", ["predict", "start"])
def test_what_is_refused_is_told_beside_the_results_of_the_others(page, qapp, settings, monkeypatch):
    with whole_window(qapp, settings, monkeypatch) as program:
        program.window.show_page(page)
        drop_mime(program, mime(urls=["file:///p/a.jpg", "file://host/b.jpg"]))
        assert program.window.page == "predict" and program[PREDICT].queue.total == 1
        told = program.window.findChild(MessageCard, "predict_refusal")
        assert told.isVisible() and "never uses the network" in told.words
        drop_mime(program, mime(urls=["file:///p/c.jpg"]))
        assert program[PREDICT].queue.total == 2 and not told.isVisible()


def test_the_address_of_another_computers_file_as_text_is_no_file():
    assert not read(text="file://host/p/cat.jpg").is_usable


@pytest.mark.parametrize(
    ("system", "from_a_folder", "is_taken"), [("win32", True, True), ("win32", False, False), ("linux", True, False)]
)
def test_on_windows_what_somebody_takes_out_of_a_shared_folder_is_taken(system, from_a_folder, is_taken, monkeypatch):
    data = mime(urls=["file://server/share/a.jpg"])
    if from_a_folder:
        data.setData(incoming.FILES_OF_WINDOWS, b"a.jpg")
    monkeypatch.setattr(incoming.sys, "platform", system)
    assert read_incoming(data).paths == (("//server/share/a.jpg",) if is_taken else ())


def test_a_picture_dragged_from_a_browser_is_taken_and_its_address_is_not(png):
    found = read(urls=["https://example.org/cat.png"], image_png=png)
    assert found == Incoming(data=png, suffix=".png")


def test_the_data_of_a_picture_are_taken_as_they_are(png):
    assert read(image_png=png) == Incoming(data=png, suffix=".png")
    assert read(image_jpeg=b"\xff\xd8 whatever; an engine opens it").suffix == ".jpg"


def test_the_best_kind_of_several_is_taken(png):
    assert read(image_bmp=b"BM", image_png=png).suffix == ".png"


@pytest.mark.parametrize("where", ["text", "urls", "html"])
def test_a_picture_that_is_written_out_in_its_address_is_taken(where, png):
    address = f"data:image/png;base64,{base64.b64encode(png).decode()}"
    what = {"text": address, "urls": [address], "html": f'<img alt="x" src="{address}">'}[where]
    found = read_incoming(mime(**{where: what}))
    assert found == Incoming(data=png, suffix=".png")


@pytest.mark.parametrize(
    "text", ["data:image/png;base64,AAA", "data:text/html;base64,AAAA", "data:image/svg+xml;base64,AAAA", "a cat"]
)
def test_what_is_no_picture_is_refused(text):
    assert read(text=text).refusal


def test_nothing_is_refused():
    assert not may_be_taken(QMimeData())
    assert read_incoming(QMimeData()).refusal


@pytest.mark.parametrize("kind", [QImage, QPixmap])
def test_a_picture_on_the_clipboard_comes_out_as_it_went_in(image, kind):
    board = QGuiApplication.clipboard()
    if kind is QImage:
        board.setImage(image)
    else:
        board.setPixmap(QPixmap.fromImage(image))
    found = read_incoming(board.mimeData())
    board.clear()
    assert found.suffix == ".png"
    again = QImage.fromData(found.data)
    assert again.size() == image.size()
    assert again.pixelColor(2, 2) == QColor(200, 100, 50)


def test_pasted_pictures_are_kept_beside_each_other(own_home, monkeypatch):
    monkeypatch.setattr(pasted_pictures.time, "strftime", lambda _format: "2025-11-24 14.36.00")
    kept = [Path(keep(bytes([number]), ".png")) for number in range(3)]
    names = ["2025-11-24 14.36.00.png", "2025-11-24 14.36.00 2.png", "2025-11-24 14.36.00 3.png"]
    assert [path.name for path in kept] == names
    assert [path.read_bytes() for path in kept] == [b"\0", b"\1", b"\2"]
    assert all(path.is_relative_to(own_home) for path in kept)


def test_pasted_pictures_take_so_much_of_the_disk_and_those_that_are_shown_stay(own_home, monkeypatch):
    monkeypatch.setattr(pasted_pictures, "MAX_PASTED", 2500)
    earlier = PastedPictures()
    old = [Path(earlier.keep(bytes(1000), ".png")) for _ in range(4)]
    assert all(path.exists() for path in old)  # all of them are shown
    for number, path in enumerate(old):
        os.utime(path, (1000 + number, 1000 + number))
    pasted = PastedPictures()
    pasted.note([str(old[0]), "/elsewhere/a.png"])
    new = Path(pasted.keep(bytes(1000), ".png"))
    assert [path.exists() for path in (*old, new)] == [True, False, False, False, True]
    assert pasted.shown == tuple(sorted((old[0].name, new.name)))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no disks are mounted there")
def test_a_picture_for_which_there_is_no_room_leaves_no_half_of_it(tmp_path, monkeypatch):
    with small_disk(tmp_path / "home", 1) as disk:
        monkeypatch.setenv("XCEPTION_GUI_HOME", str(disk.place))
        with pytest.raises(OSError):
            keep(bytes(3_000_000), ".png")
        assert list((disk.place / "cache" / "pasted").glob("*.png")) == []


def test_a_picture_that_can_not_be_kept_is_an_error(own_home, tmp_path, monkeypatch):
    (tmp_path / "cache").write_text("in the way")
    monkeypatch.setattr(pasted_pictures.paths, "cache_folder", lambda: tmp_path / "cache")
    with pytest.raises(OSError):
        keep(b"x", ".png")
