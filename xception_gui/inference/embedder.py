"""From files to embeddings: a backbone and its cache, together."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from xception_gui import paths
from xception_gui.data.cache import stores as cache
from xception_gui.domain.architecture import Architecture
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.inference.backbone import Backbone, file_sha256
from xception_gui.inference.embedding_cache import EmbeddingCache
from xception_gui.inference.embeddings import Embedded, embed_files
from xception_gui.inference.runtimes import fastest_runtime, open_backbone, open_shipped_backbone


class Embedder:
    """A backbone with its cache. It is opened when the first picture needs it, which none does if all are cached.

    Args:
        architecture: what the backbone is.
        image_size: pixels.
        own: a backbone file other than the shipped one.
        runtime: the runtime, as `usable_runtime` names it; the fastest if None.
        opener: opens the backbone, if it isn't one of those that `runtimes` opens.
        batch_size: pictures that it embeds at once.

    Attributes:
        architecture: what the backbone is.
        image_size: pixels.
        sha256: hash of the backbone.
        own: the backbone file, if it isn't the shipped one.
        runtime: the runtime.
        cache: its embeddings.
    """

    def __init__(
        self,
        architecture: Architecture,
        image_size: int,
        own: Path | None = None,
        *,
        runtime: str | None = None,
        opener: Callable[[], Backbone] | None = None,
        batch_size: int = 1,
    ) -> None:
        shipped = paths.shipped_backbone(architecture.name)
        try:
            self.sha256 = file_sha256(own) if own is not None else paths.shipped_sha256(shipped)
        except (OSError, KeyError) as error:
            if own is not None:
                raise ProgramError(ErrorCode.BACKBONE_UNUSABLE, path=own.parent, found=error) from error
            raise ProgramError(ErrorCode.INSTALLATION_DAMAGED, path=shipped, found=error) from error
        self.architecture = architecture
        self.image_size = image_size
        self.own = own
        self.runtime = runtime or fastest_runtime(architecture)
        self._opener = opener
        self._batch_size = batch_size
        self._opened: Backbone | None = None
        self.cache = EmbeddingCache(
            cache.embeddings(),
            embedding_size=architecture.embedding_size,
            backbone_sha256=self.sha256,
            runtime=self.runtime,
            image_size=image_size,
        )
        self._known_files = cache.known_files()

    def open_backbone(self) -> Backbone:
        """Open the backbone, or return it if it is open.

        Raises:
            ProgramError: BACKBONE_UNUSABLE, INSTALLATION_DAMAGED.
        """
        if self._opened is None:
            self._opened = self._open()
        return self._opened

    def _open(self) -> Backbone:
        if self._opener is not None:
            return self._opener()
        if self.own is None:
            return open_shipped_backbone(self.architecture, self.image_size, self.runtime)
        return open_backbone(self.architecture, self.own, self.image_size, sha256=self.sha256, runtime=self.runtime)

    def embed(self, files: Iterable[Path], stop: Callable[[], bool] = lambda: False) -> Iterator[Embedded]:
        """Yield the embedding of each file, in order; see `embed_files`."""
        return embed_files(
            files,
            open_backbone=self.open_backbone,
            cache=self.cache,
            known_files=self._known_files,
            image_size=self.image_size,
            batch_size=self._batch_size,
            stop=stop,
        )
