"""`draw_samples`: draws sample pictures, to train a first model without pictures of one's own."""

from pathlib import Path

from xception_gui.domain.errors import cannot_write
from xception_gui.domain.messages.base import Phase
from xception_gui.domain.messages.dataset import DrawSamplesRequest, SamplesResult
from xception_gui.jobs.reporting import PhaseReport, Report, Stop
from xception_gui.samples.sample_set import write_sample_set


def draw_samples(request: DrawSamplesRequest, report: Report, stop: Stop) -> SamplesResult:
    """Draw the sample set, or the missing part of it.

    Raises:
        ProgramError: CANNOT_WRITE.
        JobStopped: `stop()` was true; the pictures drawn so far are kept, and the next call draws the rest.
    """
    progress: PhaseReport | None = None

    def on_progress(done: int, total: int) -> None:
        nonlocal progress
        progress = progress or PhaseReport(report, Phase.DRAWING, total)
        progress.advance()

    folder = Path(request.folder)
    try:
        samples = write_sample_set(folder, on_progress=on_progress, stop=stop)
    except OSError as error:
        raise cannot_write(folder, error) from error
    return SamplesResult(str(samples.dataset), str(samples.new_pictures))
