"""A training on disk: whole or not at all, and what becomes of it when the disk is full."""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from tests.unit.power_cut import cut_after_each_change
from tests.unit.test_checkpoint_files import PROGRESS, state
from tests.unit.test_training import SIZE, data, fresh_network, run, tutorial, validation  # noqa: F401
from xception_gui.domain.messages.training import EpochFinished, Notice, NoticeCode
from xception_gui.finetune import saving
from xception_gui.finetune.saving import Saver
from xception_gui.finetune.training import compile_network
from xception_gui.runs import checkpoint as files
from xception_gui.runs.checkpoint import Checkpoint, CheckpointError
from xception_gui.words.notices import notice_text


def test_of_many_epochs_the_weights_of_the_best_are_kept_and_those_of_no_other(tmp_path):
    kept = Checkpoint(tmp_path / "checkpoint")
    for epoch in (1, 9, 10, 11, 100):
        kept.save_best(epoch, [np.full(1, float(epoch))])
        kept.save(state(replace(PROGRESS, best_epoch=epoch)))
        assert {path.name for path in tmp_path.rglob("*.npz")} == {f"best-{epoch}.npz", "state.npz"}
        assert kept.load_best(epoch)[0] == epoch
    kept.save(state(replace(PROGRESS, best_epoch=None)))
    assert {path.name for path in tmp_path.rglob("*.npz")} == {"state.npz"}


def test_whenever_the_power_is_cut_the_state_and_the_best_weights_that_it_names_are_there(tmp_path):
    """An epoch became the best one: its weights are kept before the state that names them, the others until then."""

    def begin(folder: Path) -> None:
        Checkpoint(folder / "checkpoint").save_best(9, [np.full(3, 9.0)])
        Checkpoint(folder / "checkpoint").save(state(before))

    def work(folder: Path) -> None:
        Saver(network, Checkpoint(folder / "checkpoint"), lambda event: None).save(after, [np.full(3, 10.0)])

    network = small_network()
    before, after = (replace(PROGRESS, best_epoch=epoch, steps=epoch) for epoch in (9, 10))
    found = []
    for folder, _ in cut_after_each_change(work, tmp_path, begin):
        kept = Checkpoint(folder / "checkpoint")
        progress = kept.load().progress
        np.testing.assert_array_equal(kept.load_best(progress.best_epoch)[0], np.full(3, float(progress.best_epoch)))
        kept.delete_leftovers()
        assert {path.name for path in kept._folder.iterdir()} <= {
            ".xception-gui", "state.npz", "best-9.npz", "best-10.npz",
        }  # fmt: skip
        found.append(progress.best_epoch)
    assert set(found) == {9, 10} and found == sorted(found)


def test_what_cant_be_kept_leaves_what_was_kept(tmp_path, monkeypatch):
    """A disk that is full in the middle of each of the two files."""
    kept = Checkpoint(tmp_path / "checkpoint")
    kept.save_best(9, [np.full(3, 9.0)])
    kept.save(state(replace(PROGRESS, best_epoch=9)))
    before = {path.name: path.read_bytes() for path in kept._folder.iterdir()}
    really = np.savez
    for fails in ("best-10", "state"):

        def savez(file, fails=fails, **arrays):
            if fails in file.name:
                file.write(b"PK half")
                raise OSError(28, "No space left on device")
            really(file, **arrays)

        monkeypatch.setattr(files.np, "savez", savez)
        with pytest.raises(OSError, match="No space"):
            kept.save_best(10, [np.full(3, 10.0)])
            kept.save(state(replace(PROGRESS, best_epoch=10)))
        now = {path.name: path.read_bytes() for path in kept._folder.iterdir() if path.name != "best-10.npz"}
        assert now == before


def small_network() -> keras.Model:
    network = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, activation="softmax")])
    compile_network(network, tutorial())
    return network


def test_a_state_of_another_network_is_refused(tmp_path):
    Checkpoint(tmp_path).save(state())
    with pytest.raises(CheckpointError, match="another network"):
        Saver(small_network(), Checkpoint(tmp_path), lambda event: None).restore()


def test_a_full_disk_is_told_once_and_what_is_best_is_kept_later(tmp_path, monkeypatch):
    is_full, told, time = True, [], [0.0]
    real = np.savez

    def savez(file, **arrays):
        if is_full:
            raise OSError(28, "No space left on device")
        real(file, **arrays)

    monkeypatch.setattr(files.np, "savez", savez)
    kept = Checkpoint(tmp_path / "checkpoint")
    saver = Saver(small_network(), kept, told.append, clock=lambda: time[0])
    best = [np.full(3, 0.5)]
    saver.save(PROGRESS, best)
    time[0] += saving.SECONDS_BETWEEN
    saver.save_if_due(PROGRESS)
    assert [event.code for event in told] == [NoticeCode.NOT_SAVED]
    assert "no space left" in notice_text(told[0])
    assert kept.progress() is None
    is_full = False
    saver.save_if_due(PROGRESS)
    assert kept.progress() is None  # not yet due
    time[0] += saving.SECONDS_BETWEEN
    saver.save_if_due(PROGRESS)
    assert kept.progress() == PROGRESS
    np.testing.assert_array_equal(kept.load_best(1)[0], best[0])
    assert len(told) == 1


def test_short_epochs_are_not_saved_all_and_none_that_is_best_is_forgotten(tmp_path, monkeypatch):
    time = [0.0]
    real = np.savez

    def slow_savez(file, **arrays):
        time[0] += 0.5
        real(file, **arrays)

    monkeypatch.setattr(files.np, "savez", slow_savez)
    kept = Checkpoint(tmp_path / "checkpoint")
    saver = Saver(small_network(), kept, lambda event: None, clock=lambda: time[0])
    spent = 0.0
    for epoch in range(1, 200):
        time[0] += 2.0
        best = [np.full(3, float(epoch))] if epoch % 7 == 0 else None
        before = time[0]
        saver.save_after_epoch(replace(PROGRESS, steps=epoch, best_epoch=epoch - epoch % 7 or None), best)
        spent += time[0] - before
    assert spent <= time[0] / saving.MIN_INTERVAL_FACTOR + 1.0  # the last one, of two files, is not yet waited for
    found = kept.progress()
    assert found is not None
    assert 2 * (199 - found.steps) <= saving.MIN_INTERVAL_FACTOR * 2 * 0.5 + 2  # an epoch after what two files may cost
    np.testing.assert_array_equal(kept.load_best(found.best_epoch)[0], np.full(3, float(found.best_epoch)))


class PowerCutError(Exception):
    """The end, without a warning."""


def test_what_is_left_of_an_epoch_is_what_was_left(data, validation, tmp_path, monkeypatch):  # noqa: F811
    """Steps, losses and best epoch go on as if nothing had been; early stopping counts what was before."""
    monkeypatch.setattr(saving, "SECONDS_BETWEEN", 0.0)
    training = tutorial(epochs=2, batch_size=16)
    whole, first, second = [], [], []
    run(fresh_network(), training, data, validation, events=whole)
    steps = 0

    def stop() -> bool:
        nonlocal steps
        steps += 1
        if steps == 14:
            raise PowerCutError
        return False

    with pytest.raises(PowerCutError):
        run(fresh_network(), training, data, validation, events=first, stop=stop, kept=tmp_path)
    outcome = run(fresh_network(seed=9), training, data, validation, events=second, kept=tmp_path)
    assert outcome.epochs == 2
    wanted = {event.epoch: event for event in whole if isinstance(event, EpochFinished)}
    found = {event.epoch: event for event in (*first, *second) if isinstance(event, EpochFinished)}
    assert found.keys() == wanted.keys()
    for epoch, event in found.items():
        assert event.images == wanted[epoch].images == 80
        assert event.loss == pytest.approx(wanted[epoch].loss, rel=0.02)
        assert event.learning_rate == wanted[epoch].learning_rate


def test_a_training_that_was_over_is_not_trained_further(data, validation, tmp_path):  # noqa: F811
    training = tutorial(epochs=1, batch_size=40)
    run(fresh_network(), training, data, validation, kept=tmp_path)
    again: list = []
    network = fresh_network(seed=9)
    outcome = run(network, training, data, validation, events=again, kept=tmp_path)
    assert outcome.epochs == 1 and not [event for event in again if isinstance(event, EpochFinished | Notice)]
    for found, wanted in zip(network.get_weights(), Checkpoint(tmp_path).load_best(1), strict=True):
        np.testing.assert_array_equal(found, wanted)
