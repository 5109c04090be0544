"""What a release is made of: the project's own packages, icons that can be seen, files that desktops can read."""

import csv
import json
import re
import sys
import tomllib
import xml.etree.ElementTree as ElementTree
from configparser import ConfigParser
from pathlib import Path

import numpy
import pytest

from release import contents, icons, slimming
from xception_gui import __version__
from xception_gui.domain.run_name import SHARED_MODEL_SUFFIX

ROOT = Path(__file__).resolve().parents[2]
DESKTOP = ROOT / "resources" / "desktop"


def versions_in(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ;]+)", text, re.MULTILINE))


def test_it_is_built_from_what_the_project_names():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    lines = (ROOT / "release" / "requirements.in").read_text(encoding="utf-8").splitlines()
    built_from = {line for line in lines if line and not line.startswith(("#", "pyinstaller"))}
    assert built_from == {need.replace("tensorflow>", "tensorflow-cpu>") for need in project}


def test_it_is_built_from_the_versions_that_are_tested():
    tested, built_from = versions_in("requirements.lock"), versions_in("release/requirements.lock")
    assert built_from["tensorflow-cpu"] == tested["tensorflow"]
    shared = tested.keys() & built_from.keys()
    assert {"numpy", "keras", "pyside6-essentials"} <= shared
    assert {name: built_from[name] for name in shared} == {name: tested[name] for name in shared}


def test_what_is_inside_is_told_from_the_files():
    standard_library = Path(json.__file__)
    parts = contents.parts_of([numpy.__file__, str(standard_library), str(ROOT / "models" / "LICENSE"), "-"])
    assert [part.name for part in parts][:3] == ["Xception GUI", parts[1].name, "Python"]
    assert [part.name for part in parts][3:] == ["numpy"]
    assert parts[0].version == __version__ and parts[3].version == numpy.__version__
    assert all(part.licence and len(part.text) > 100 for part in parts)
    assert contents.names_of([numpy.__file__, str(standard_library)]) == {"numpy"}


def test_libraries_that_a_package_brings_are_named_with_their_licence():
    import _pi_heif

    parts = {part.name.replace("_", "-"): part for part in contents.parts_of([_pi_heif.__file__])}
    assert {"pi-heif", "libheif", "libde265"} <= parts.keys()
    for name in ("libheif", "libde265"):
        assert parts[name].licence == "LGPL-3.0-or-later"
        assert "GNU LESSER GENERAL PUBLIC LICENSE" in parts[name].text
        assert f"https://github.com/strukturag/{name}" in parts[name].text


@pytest.mark.skipif(sys.platform != "linux", reason="libraries without users are left out on Linux")
def test_a_module_of_native_code_stays_though_no_library_needs_it():
    """As `_pi_heif` lies, at the top; a library there that nothing needs goes."""
    import _pi_heif

    module = (Path(_pi_heif.__file__).name, _pi_heif.__file__, "EXTENSION")
    orphan = ("libnobody.so.1", _pi_heif.__file__, "BINARY")
    assert slimming.without_orphans([module, orphan]) == [module]


def test_what_is_inside_is_written_for_everybody(tmp_path):
    parts = [contents.Part("It", "1.0", "MIT", "Do as you like."), contents.Part("Other, too", "2", "BSD", "Likewise.")]
    files = [tmp_path / name for name in ("inside.json", "licences.txt", "table.csv")]
    contents.write_contents(parts, *files)
    assert [part["name"] for part in json.loads(files[0].read_text(encoding="utf-8"))] == ["It", "Other, too"]
    text = files[1].read_text(encoding="utf-8")
    assert "LGPL" not in text.splitlines()[0] and "Lesser General Public License" in text and "Likewise." in text
    with files[2].open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file))[1:] == [["It", "1.0", "MIT"], ["Other, too", "2", "BSD"]]


@pytest.mark.parametrize("name", [icons.PROGRAM, icons.MODEL])
def test_icons_can_be_seen_at_every_size(name):
    for size in icons.SIZES:
        image = icons.draw(name, size)
        assert image.size == (size, size)
        assert image.getpixel((0, 0))[3] == 0  # round corners
        assert image.getpixel((size // 2, size // 2))[3] == 255
        assert len(image.getcolors(size * size)) > 4


def test_icons_are_written_as_each_system_wants_them(tmp_path):
    from PIL import Image

    with Image.open(icons.write_windows_icon(icons.PROGRAM, tmp_path)) as icon:
        assert max(icon.info["sizes"]) == (256, 256)
    with Image.open(icons.write_mac_icon(icons.PROGRAM, tmp_path)) as icon:
        assert icon.size == (1024, 1024)
    icons.write_linux_icons(tmp_path / "hicolor", "xception-gui-lite")
    with Image.open(tmp_path / "hicolor" / "48x48" / "apps" / "xception-gui-lite.png") as icon:
        assert icon.size == (48, 48)
    assert (tmp_path / "hicolor" / "scalable" / "mimetypes" / f"{icons.MODEL}.svg").is_file()


def test_desktops_know_shared_models_and_what_opens_them():
    kinds = ElementTree.parse(DESKTOP / "xception-gui-mime.xml").getroot()
    name = {"m": "http://www.freedesktop.org/standards/shared-mime-info"}
    kind = kinds.find("m:mime-type", name).get("type")
    assert kinds.find("m:mime-type/m:glob", name).get("pattern") == f"*{SHARED_MODEL_SUFFIX}"
    assert kinds.find("m:mime-type/m:icon", name).get("name") == icons.MODEL
    desktop = ConfigParser(interpolation=None)
    desktop.optionxform = str
    desktop.read(DESKTOP / "xception-gui.desktop", encoding="utf-8")
    entry = desktop["Desktop Entry"]
    assert kind in entry["MimeType"].split(";")
    assert entry["Exec"] == "xception-gui %F" and entry["Icon"] == icons.PROGRAM
    about = ElementTree.parse(DESKTOP / "xception-gui.metainfo.xml").getroot()
    assert about.find("provides/mediatype").text == kind
    assert about.find("launchable").text == "xception-gui.desktop"


def test_what_lite_is_without_is_what_only_keras_needs():
    files = [(name, "/x", "DATA") for name in ("models/xception_imagenet_notop.weights.h5", "models/LICENSE")]
    assert slimming.without_files(files, lite=False) == files
    assert slimming.without_files(files, lite=True) == files[1:]
    assert {"keras", "tensorflow"} <= set(slimming.modules_left_out(lite=True))
    assert not {"keras", "tensorflow"} & set(slimming.modules_left_out(lite=False))
