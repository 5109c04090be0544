"""Labels are data: what a record or a source says of a picture counts, wherever the picture lies."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from tests.conftest import RED_AND_BLUE, draw_dataset
from tests.runs import copy_of
from xception_gui.data.dataset.checks import check_listing
from xception_gui.data.dataset.split import split_dataset
from xception_gui.data.sources.listing import Listing
from xception_gui.data.sources.rows import Part, Row
from xception_gui.domain.messages.base import Finished, Message
from xception_gui.domain.messages.models import AddModelRequest, ListRunsRequest, ShareModelRequest
from xception_gui.domain.messages.training import ResumeRequest
from xception_gui.domain.messages.using import EvaluateRequest, EvaluateResult, PictureEvaluated
from xception_gui.domain.questions import CLASS
from xception_gui.jobs import run_job
from xception_gui.jobs.reporting import never
from xception_gui.jobs.using.recorded_pictures import recorded_split
from xception_gui.runs.record_json import to_json
from xception_gui.runs.run_folder import RunFolder
from xception_gui.runs.schema import RecordedPicture, RunRecord, SplitRecord, Status


def done(request) -> tuple[object, list[Message]]:
    """The result of a job, and what it told before."""
    events: list[Message] = []
    run_job(request, events.append, never)
    assert isinstance(events[-1], Finished), events[-1]
    return events[-1].result, events[:-1]


def moved(run: RunFolder, folder: Path, relabel=lambda label: label) -> dict[str, str]:
    """Put a run's pictures into a folder that tells nothing, with other labels in its record if wanted. Returns the
    class of each by its new name."""
    record = run.read_record()
    folder.mkdir()
    classes: dict[str, str] = {}

    def put(picture: RecordedPicture) -> RecordedPicture:
        name = f"{len(classes):03}.png"
        shutil.copy(Path(record.dataset, picture.relative), folder / name)
        label = relabel(picture.label)
        classes[name] = record.classes[label]
        return RecordedPicture(name, picture.sha256, label)

    parts = [tuple(map(put, part)) for part in (record.split.train, record.split.val, record.split.test)]
    run.write_record(record.replaced(dataset=str(folder), split=SplitRecord(*parts)))
    return classes


@pytest.mark.parametrize(("relabel", "accuracy"), [(lambda label: label, 1.0), (lambda label: 1 - label, 0.0)])
def test_a_run_is_measured_by_the_labels_that_it_records(relabel, accuracy, colours_run, tmp_path):
    run = copy_of(colours_run, tmp_path)
    classes = moved(run, tmp_path / "flat", relabel)
    result, told = done(EvaluateRequest(str(run.path)))
    assert isinstance(result, EvaluateResult) and result.accuracy == accuracy and not result.left_out
    seen = {Path(event.path).name: result.classes[event.label] for event in told if isinstance(event, PictureEvaluated)}
    assert seen and seen.items() <= classes.items()


def test_a_training_goes_on_with_the_labels_that_it_records(colours_run, tmp_path):
    run = copy_of(colours_run, tmp_path)
    classes = moved(run, tmp_path / "flat", lambda label: 1 - label)
    split = recorded_split(run.read_record(), lambda event: None, never)
    assert {one.relative: one.class_name for one in (*split.train, *split.val)} == classes
    assert all(one.path == tmp_path / "flat" / one.relative for one in (*split.train, *split.val))


def test_a_list_shows_a_picture_of_each_label(colours_run, tmp_path):
    run = copy_of(colours_run, tmp_path)
    classes = moved(run, tmp_path / "flat")
    (summary,) = done(ListRunsRequest((), (str(run.path),)))[0].runs
    assert summary.dataset_found
    assert [classes[Path(path).name] for path in summary.samples] == list(summary.classes)


# --- Sources ------------------------------------------------------------------------------------------------------


def rows_of(folder: Path, part_of=lambda number: None) -> tuple[Row, ...]:
    """What a source would give that knows the classes from elsewhere: from the names of files, or from a table."""
    drawn = draw_dataset(folder.with_name("drawn"), RED_AND_BLUE, count=6)
    folder.mkdir()
    rows = []
    for number, path in enumerate(sorted(drawn.rglob("*.png"))):
        answers = {CLASS: f"a {path.parent.name} one"}
        rows.append(Row(path.rename(folder / f"{number:02}.png"), f"{number:02}.png", answers, part_of(number)))
    return tuple(rows)


def test_a_source_may_know_classes_that_no_folder_is_called_after(tmp_path):
    dataset = check_listing(Listing(tmp_path / "flat", rows_of(tmp_path / "flat"), ()))
    assert dataset.error is None and not dataset.has_parts
    assert dataset.class_counts == {"a blue one": 6, "a red one": 6}
    split = split_dataset(dataset, val_fraction=0.34, max_per_class=None, seed=0)
    assert (len(split.train), len(split.val), split.classes) == (8, 4, ("a blue one", "a red one"))


def test_where_a_source_names_some_parts_the_others_are_learned_from(tmp_path):
    rows = rows_of(
        tmp_path / "flat", lambda number: {0: Part.VAL, 6: Part.VAL, 1: Part.TEST, 2: Part.TRAIN}.get(number)
    )
    listing = Listing(tmp_path / "flat", rows, (), parts=frozenset({Part.TRAIN, Part.VAL, Part.TEST}))
    split = split_dataset(check_listing(listing), val_fraction=0.2, max_per_class=None, seed=0)
    assert [one.relative for one in split.val] == ["00.png", "06.png"]
    assert [one.relative for one in split.test] == ["01.png"]
    assert len(split.train) == 9


# --- Format 1 -----------------------------------------------------------------------------------------------------


def as_format_1(run: RunFolder) -> RunRecord:
    """Have a run say what it says as the release before this one wrote it. Returns what it says."""
    record = run.read_record()
    fields = json.loads(to_json(record))
    del fields["question"], fields["outline"]
    fields["split"] = {part: [entry[:2] for entry in entries] for part, entries in fields["split"].items()}
    run.record_file.write_text(json.dumps({**fields, "format": 1, "escaped": True}, indent=1))
    return record


def format_of(text: str | bytes) -> int:
    return json.loads(text)["format"]


def test_a_run_of_format_1_says_what_it_said(colours_run, tmp_path):
    new, old = copy_of(colours_run, tmp_path / "new"), copy_of(colours_run, tmp_path / "old")
    assert as_format_1(old) == old.read_record() == new.read_record()
    results = [done(EvaluateRequest(str(run.path))) for run in (old, new)]
    assert results[0][0] == results[1][0]
    told = [[event for event in events if isinstance(event, PictureEvaluated)] for _, events in results]
    assert told[0] == told[1] and len(told[0]) == 4
    listed = [done(ListRunsRequest((), (str(run.path),)))[0].runs[0] for run in (old, new)]
    assert listed[0].samples == listed[1].samples and listed[0].images == listed[1].images == 16
    assert format_of(old.record_file.read_text()) == 1  # reading changes nothing


def test_a_run_of_format_1_is_gone_on_with_and_is_of_format_2_from_then_on(colours_run, tmp_path):
    run = copy_of(colours_run, tmp_path)
    finished = run.read_record()
    run.write_record(finished.replaced(status=Status.TRAINING, figures=None))
    run.head.unlink()
    as_format_1(run)
    done(ResumeRequest(str(run.path)))
    found = run.read_record()
    assert format_of(run.record_file.read_text()) == 2
    assert (found.split, found.figures, found.classes) == (finished.split, finished.figures, finished.classes)


def test_a_run_of_format_1_is_shared_in_format_2_and_known_again(colours_run, tmp_path):
    run = copy_of(colours_run, tmp_path)
    as_format_1(run)
    done(ShareModelRequest(str(run.path), str(tmp_path / "colours.xcmodel")))
    with zipfile.ZipFile(tmp_path / "colours.xcmodel") as archive:
        assert format_of(archive.read("run.json")) == 2
    assert done(AddModelRequest(str(tmp_path / "colours.xcmodel"), str(tmp_path)))[0].run == str(run.path)
