"""The components of the program: every package, with version, licence and licence text."""

import json
import platform
import re
import sysconfig
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, PackagePath, distribution
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from xception_gui.paths import contents_file, models_folder, resources_folder

PROGRAM = "xception-gui"
OPTIONAL = frozenset({"gpu"})
"""Extras of the program: their packages are listed if installed."""

BUNDLED = {"pi-heif": ("libheif", "libde265")}
"""Third-party libraries that packages include as separate files, all under the LGPL and from strukturag."""

LONGEST_LICENCE_NAME = 80
"""Characters. Some packages put the whole licence text where its name belongs."""


@dataclass(frozen=True, slots=True)
class Component:
    """One component of the program."""

    name: str
    version: str
    licence: str  # name of the licence, in English
    read_text: Callable[[], str]  # returns the licence text


def tr(text: str) -> str:
    """Translate a text of this file."""
    return QCoreApplication.translate("components", text)


def components() -> list[Component]:
    """List the program, its weights, Python, and all required packages, by name.

    A packaged program reads the list made when it was built. Without package metadata, only known parts are listed.
    """
    listed = contents_file()
    if listed is not None and listed.is_file():
        return _listed_in(listed)
    packages = [part for found in _needed(PROGRAM, OPTIONAL) for part in (package(found), *bundled(found))]
    program, others = packages[:1], packages[1:]
    return [*program, weights(), python(), *sorted(others, key=lambda component: component.name.lower())]


def _listed_in(file: Path) -> list[Component]:
    parts = json.loads(file.read_text(encoding="utf-8"))
    return [
        Component(part["name"], part["version"], part["licence"], lambda part=part: part["text"])  # type: ignore[misc]
        for part in parts
    ]


def _needed(name: str, extras: frozenset[str]) -> Iterator[Distribution]:
    """Yield a distribution and all its installed dependencies, each once."""
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [(name, extras)]
    while waiting:
        name, extras = waiting.pop()
        try:
            found = distribution(name)
        except PackageNotFoundError:  # for another system, or another Python
            continue
        if (found.name, extras) in seen:
            continue
        if found.name not in {known for known, _ in seen}:
            yield found
        seen.add((found.name, extras))
        waiting += [need for text in found.requires or () if (need := _requirement(text, extras)) is not None]


def _requirement(text: str, extras: frozenset[str]) -> tuple[str, frozenset[str]] | None:
    """Read name and extras of a requirement (PEP 508); None if it belongs to another extra."""
    only_for = re.search(r"""extra\s*==\s*['"]([^'"]+)""", text)
    if only_for is not None and only_for[1] not in extras:
        return None
    parts = re.match(r"\s*([\w.-]+)\s*(?:\[([^\]]*)\])?", text)
    if parts is None:
        return None
    return parts[1], frozenset(extra.strip() for extra in (parts[2] or "").split(",") if extra.strip())


def package(found: Distribution) -> Component:
    """Describe an installed package."""
    return Component(found.name, found.version, _licence_name(found), lambda: _licence_text(found))


def bundled(found: Distribution) -> list[Component]:
    """Describe the libraries included in an installed package."""
    return [
        Component(name, "", "LGPL-3.0-or-later", lambda name=name: _text_of_bundled(name, found))  # type: ignore[misc]
        for name in BUNDLED.get(re.sub(r"[-_.]+", "-", found.name).lower(), ())
    ]


def _text_of_bundled(name: str, found: Distribution) -> str:
    about = tr("{name} is a separate file in {package} {version}. Source code: {address}").format(
        name=name, package=found.name, version=found.version, address=f"https://github.com/strukturag/{name}"
    )
    return "\n\n".join((about, *_texts_of_lgpl()))


def _texts_of_lgpl() -> list[str]:
    return [_read(resources_folder() / "licences" / name) for name in ("LGPL-3.0.txt", "GPL-3.0.txt")]


def _licence_name(found: Distribution) -> str:
    """Return the first name found in: licence expression (PEP 639), old field, classifiers, licence text."""
    classifiers = [text.split(" :: ") for text in found.metadata.get_all("Classifier") or ()]
    licences = [words[-1] for words in classifiers if words[0] == "License"]
    for name in (_field(found, "License-Expression"), _field(found, "License"), ", ".join(licences)):
        if name and len(name) <= LONGEST_LICENCE_NAME and name != "UNKNOWN":
            return name
    kinds = re.findall(r"(Apache|MIT|BSD|Mozilla Public) License", _licence_text(found))
    return f"{kinds[0]} License" if kinds else tr("see its text")


def _licence_text(found: Distribution) -> str:
    texts = [text for file in _licence_files(found) if (text := _read(Path(str(found.locate_file(file)))))]
    if not texts and "LGPL" in _field(found, "License"):  # Qt's packages don't include the text
        texts = _texts_of_lgpl()
    if texts:
        return "\n\n".join(texts)
    return tr("{name} doesn't include the text of its licence. Licence: {licence}").format(
        name=found.name, licence=_field(found, "License-Expression") or _field(found, "License") or "?"
    )


def _field(found: Distribution, name: str) -> str:
    return str((found.metadata.get_all(name) or [""])[0])


def _licence_files(found: Distribution) -> list[PackagePath]:
    """Find licence files beside the metadata, else at the top of the package."""
    files = [file for file in found.files or () if re.match(r"(?i)licen[cs]e|copying|notice|third_party", file.name)]
    beside = [file for file in files if ".dist-info" in file.parts[0]]
    return beside or [file for file in files if len(file.parts) <= 2]


def weights() -> Component:
    """Describe the pretrained weights."""
    name = tr("Xception's pretrained weights (ImageNet)")
    return Component(name, "", "MIT", lambda: _read(models_folder() / "LICENSE"))


def python() -> Component:
    """Describe the Python that runs this."""
    file = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
    return Component(
        "Python", platform.python_version(), "PSF-2.0", lambda: _read(file) or "https://docs.python.org/3/license.html"
    )


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
