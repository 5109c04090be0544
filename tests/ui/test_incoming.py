"""What can be dropped and pasted, and what is refused in a sentence."""

import base64
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QMimeData, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPixmap

from xception_gui.ui import incoming
from xception_gui.ui.incoming import Incoming, keep, may_be_taken, read_incoming


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
        made.setData(kind.replace("_", "/"), data)
    return made


def read(**what) -> Incoming:
    data = mime(**what)
    assert may_be_taken(data)
    return read_incoming(data)


def test_files_and_folders_are_taken_by_their_paths(tmp_path):
    names = ["a b.jpg", "ünï 猫 #1?.png", "folder"]
    urls = [QUrl.fromLocalFile(str(tmp_path / name)) for name in names]
    assert read(urls=urls) == Incoming(paths=tuple(str(tmp_path / name) for name in names))


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
    monkeypatch.setattr(incoming.time, "strftime", lambda _format: "2025-11-24 14.36.00")
    kept = [Path(keep(Incoming(data=bytes([number]), suffix=".png"))) for number in range(3)]
    names = ["2025-11-24 14.36.00.png", "2025-11-24 14.36.00 2.png", "2025-11-24 14.36.00 3.png"]
    assert [path.name for path in kept] == names
    assert [path.read_bytes() for path in kept] == [b"\0", b"\1", b"\2"]
    assert all(path.is_relative_to(own_home) for path in kept)


def test_a_picture_that_can_not_be_kept_is_an_error(own_home, tmp_path, monkeypatch):
    (tmp_path / "cache").write_text("in the way")
    monkeypatch.setattr(incoming.paths, "cache_folder", lambda: tmp_path / "cache")
    with pytest.raises(OSError):
        keep(Incoming(data=b"x", suffix=".png"))
