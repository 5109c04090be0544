"""A feature of the window: one value to name it, and what it becomes when it is built."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from xception_gui.ui.framework.running_job import RunningJob
from xception_gui.ui.framework.services import Services


class Part(QObject):
    """A feature that is built: its controllers, and the page or dialog that shows their state.

    Signals:
        changed: something that the rail or the menus show of it may be another.
    """

    changed = Signal()

    def jobs(self) -> Sequence[RunningJob]:
        """Return what it has going on."""
        return ()


class PagePart(Part):
    """A feature with a page, which it makes when it is built.

    Signals:
        page_wanted: the page should be shown.
    """

    page_wanted = Signal()

    page: QWidget
    _is_in_sight = False

    def come_into_sight(self) -> None:
        """The page is shown, perhaps once more."""
        self._is_in_sight = True
        self._get_ready()

    def go_out_of_sight(self) -> None:
        """Another page is shown."""
        self._is_in_sight = False

    def show_hovering(self, hovering: bool) -> None:
        """Show whether something that may be dropped hovers over the window."""

    def _get_ready_in_sight(self) -> None:
        """What the page is about is another: get ready, unless nobody looks."""
        if self._is_in_sight:
            self._get_ready()

    def _get_ready(self) -> None:
        """Do what the page in sight is there for; while nobody looks, it costs nothing."""


AnyPart = TypeVar("AnyPart", bound=Part)
AnyPagePart = TypeVar("AnyPagePart", bound=PagePart)


@dataclass(frozen=True)
class Feature(Generic[AnyPart]):
    """Something that the program can do."""

    name: str
    build: Callable[[Services], AnyPart]


@dataclass(frozen=True)
class PageFeature(Feature[AnyPagePart]):
    """A feature that has a page, and so its place in the rail and in the menu View."""

    icon: str
    title: Callable[[], str]  # returns it in the person's language; & stands before its letter in the menu
    shortcut: str

    @property
    def plain_title(self) -> str:
        """The title without its mark."""
        return self.title().replace("&", "")


class Parts:
    """All features, built."""

    def __init__(self, features: Sequence[Feature[Any]], services: Services) -> None:
        self._parts: dict[str, Part] = {feature.name: feature.build(services) for feature in features}

    def __getitem__(self, feature: Feature[AnyPart]) -> AnyPart:
        """Return the part that a feature has become."""
        return cast(AnyPart, self._parts[feature.name])

    @property
    def all(self) -> Sequence[Part]:
        """All of them, in the order of their features."""
        return tuple(self._parts.values())

    @property
    def pages(self) -> dict[str, PagePart]:
        """Those that have a page, by the names of their features."""
        return {name: part for name, part in self._parts.items() if isinstance(part, PagePart)}
