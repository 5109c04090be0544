"""A feature of the window: a value that names it, and the part that is built from it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from xception_gui.ui.framework.running_job import RunningJob
from xception_gui.ui.framework.services import Services


class Part(QObject):
    """A feature after it was built: its controllers, and the page or dialog that shows their state.

    Signals:
        changed: what the rail or the menus show of the feature may have changed.
    """

    changed = Signal()

    def jobs(self) -> Sequence[RunningJob]:
        """Return its running jobs."""
        return ()


class PagePart(Part):
    """A feature with a page.

    Signals:
        page_wanted: the page should be shown.
    """

    page_wanted = Signal()

    page: QWidget
    _is_in_sight = False

    def come_into_sight(self) -> None:
        """The page is shown, for the first time or again."""
        self._is_in_sight = True
        self._get_ready()

    def go_out_of_sight(self) -> None:
        """Another page is shown."""
        self._is_in_sight = False

    def show_hovering(self, hovering: bool) -> None:
        """Show whether something that can be dropped hovers over the window."""

    def _get_ready_in_sight(self) -> None:
        """Update the page if it is visible; its subject has changed."""
        if self._is_in_sight:
            self._get_ready()

    def _get_ready(self) -> None:
        """Do the work that the page needs only while it is visible."""


AnyPart = TypeVar("AnyPart", bound=Part)
AnyPagePart = TypeVar("AnyPagePart", bound=PagePart)


@dataclass(frozen=True)
class Feature(Generic[AnyPart]):
    """A feature: its name, and the function that builds it."""

    name: str
    build: Callable[[Services], AnyPart]


@dataclass(frozen=True)
class PageFeature(Feature[AnyPagePart]):
    """A feature that has a page, and so an entry in the rail and in the menu View."""

    icon: str
    title: Callable[[], str]  # in the person's language, with & before its letter in the menu
    shortcut: str

    @property
    def plain_title(self) -> str:
        """The title without the &."""
        return self.title().replace("&", "")


class Parts:
    """The parts of all features."""

    def __init__(self, features: Sequence[Feature[Any]], services: Services) -> None:
        self._parts: dict[str, Part] = {feature.name: feature.build(services) for feature in features}

    def __getitem__(self, feature: Feature[AnyPart]) -> AnyPart:
        """Return the part of a feature."""
        return cast(AnyPart, self._parts[feature.name])

    @property
    def all(self) -> Sequence[Part]:
        """All parts, in the order of the features."""
        return tuple(self._parts.values())

    @property
    def pages(self) -> dict[str, PagePart]:
        """The parts that have a page, by the names of their features."""
        return {name: part for name, part in self._parts.items() if isinstance(part, PagePart)}
