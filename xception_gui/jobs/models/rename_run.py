"""`rename_run`: renames a model."""

from pathlib import Path

from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.messages.models import (
    RenameRunRequest,
    RenameRunResult,
)
from xception_gui.domain.run_name import problem_with_run_name
from xception_gui.jobs.reporting import Report, Stop
from xception_gui.runs.run_folder import RunFolder


def rename_run(request: RenameRunRequest, report: Report, stop: Stop) -> RenameRunResult:
    """Rename a run's folder.

    Raises:
        ProgramError: RUN_NAME_INVALID, RUN_EXISTS, RUN_IN_USE, NOT_A_RUN, RUN_DAMAGED, CANNOT_WRITE.
    """
    problem = problem_with_run_name(request.name)
    if problem is not None:
        raise ProgramError(ErrorCode.RUN_NAME_INVALID, name=request.name, found=problem)
    return RenameRunResult(str(RunFolder(Path(request.run)).rename(request.name).path))
