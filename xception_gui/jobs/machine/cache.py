"""`cache`: reports the disk space that the program uses, and frees some if requested."""

from msgspec.structs import replace

from xception_gui import paths
from xception_gui.data.cache import stores
from xception_gui.data.cache.limit import SMALLEST_CACHE, load_preferences, save_preferences
from xception_gui.data.cache.stored_data import all_stored
from xception_gui.domain.messages.machine import CacheRequest, CacheResult
from xception_gui.jobs.reporting import Report, Stop


def cache(request: CacheRequest, report: Report, stop: Stop) -> CacheResult:
    """Empty the cache or set its limit, if requested, and return its size.

    Raises:
        OSError: the limit can't be saved.
    """
    if request.limit is not None:
        save_preferences(replace(load_preferences(), cache_bytes=max(request.limit, SMALLEST_CACHE)))
        stores.make_room(request.spared)
    if request.clear:
        stores.clear(request.spared)
    return CacheResult(stores.used_bytes(), load_preferences().cache_bytes, str(paths.cache_folder()), all_stored())
