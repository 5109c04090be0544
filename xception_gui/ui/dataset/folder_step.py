"""First step: choosing the folder."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from xception_gui.ui.kit import theme
from xception_gui.ui.kit.buttons import button
from xception_gui.ui.kit.cards import Card
from xception_gui.ui.kit.drop_zone import DropZone
from xception_gui.ui.kit.labels import label
from xception_gui.ui.kit.page import scrolled


class FolderStep(QWidget):
    """Shows what a folder should look like, and takes one.

    Signals:
        folder_wanted: the person wants to choose one.
        samples_wanted: the person wants sample pictures.
    """

    folder_wanted = Signal()
    samples_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.drop_zone = DropZone(
            "data_drop",
            self.tr("Drop a folder of pictures here"),
            self.tr("one folder per class: “cats”, “dogs”, …"),
            (
                button(self.tr("Choose a folder…"), "data_choose", "primary", self.folder_wanted.emit),
                button(self.tr("Try sample pictures"), "data_samples", "", self.samples_wanted.emit),
            ),
        )
        example = Card()
        example.column.addWidget(label(self.tr("What the folder should look like"), "strong"))
        tree = label("Pictures\n├─ cats\n│    ├─ 1.jpg\n│    └─ …\n└─ dogs\n     ├─ 1.jpg\n     └─ …", "muted")
        tree.setAccessibleName(self.tr("A folder with one folder of pictures per class"))
        example.column.addWidget(tree)
        for text in (
            self.tr("Folder names become class names. Start with 20 pictures per class; 100 are better."),
            self.tr("If your pictures are already sorted into “train” and “val” (and “test”), that split is used."),
            self.tr("JPEG, HEIC, PNG, WebP, GIF, TIFF, BMP, AVIF, JPEG 2000 and more. Your files are never changed."),
        ):
            example.column.addWidget(label(text, "muted", wrap=True))
        content = QWidget()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(content, "data_folder_scroll"))
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.BETWEEN_BLOCKS)
        column.addWidget(self.drop_zone)
        column.addWidget(example)
        column.addStretch(1)
