"""`choose_runtime`: reports the runtime that new models use on this computer."""

from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.messages.machine import ChooseRuntimeRequest, RuntimeResult
from xception_gui.inference import runtimes
from xception_gui.jobs.reporting import Report, Stop


def choose_runtime(request: ChooseRuntimeRequest, report: Report, stop: Stop) -> RuntimeResult:
    """Return what was measured on this computer before, or measure it now, in two seconds.

    Raises:
        ProgramError: INSTALLATION_DAMAGED.
    """
    choice = runtimes.choose_runtime(XCEPTION)
    return RuntimeResult(choice.runtime, choice.seconds)
