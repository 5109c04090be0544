"""`share_model`: writes a model as one file."""

import os
from pathlib import Path

from xception_gui.domain.errors import ErrorCode, ProgramError, cannot_write
from xception_gui.domain.messages.models import ShareModelRequest, ShareModelResult
from xception_gui.files.atomic import making
from xception_gui.jobs.reporting import Report, Stop, raise_if_stopped
from xception_gui.runs.run_folder import RunFolder
from xception_gui.runs.shared_model import write_shared_model


def share_model(request: ShareModelRequest, report: Report, stop: Stop) -> ShareModelResult:
    """Write a run as one file.

    Raises:
        ProgramError: NOT_A_RUN, RUN_DAMAGED, RUN_NOT_ENDED, RUN_WITHOUT_MODEL, OUTPUT_EXISTS, CANNOT_WRITE.
        JobStopped: `stop()` was true; nothing was written.
    """
    out = Path(request.out)
    if os.path.lexists(out):
        raise ProgramError(ErrorCode.OUTPUT_EXISTS, path=out)
    try:
        with making(out) as temporary:
            write_shared_model(RunFolder(Path(request.run)), temporary)
            raise_if_stopped(stop)
        return ShareModelResult(request.out, out.stat().st_size)
    except FileExistsError as error:  # it was created meanwhile
        raise ProgramError(ErrorCode.OUTPUT_EXISTS, path=out) from error
    except OSError as error:
        raise cannot_write(out, error) from error
