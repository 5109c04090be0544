"""How far a training is, counted on step by step."""

import pytest

from xception_gui.domain.recipe import Precision
from xception_gui.domain.training_progress import EpochProgress, TrainingProgress


def test_an_epoch_begins_with_nothing():
    assert EpochProgress(3) == EpochProgress(3, steps=0, passed=0, images=0, losses=0.0, right=0.0, seconds=0.0)
    assert (EpochProgress(3).loss, EpochProgress(3).accuracy) == (0, 0)


def test_steps_add_up_to_means_over_their_pictures():
    """The second step had a picture that couldn't be read."""
    epoch = EpochProgress(3, seconds=7.0).after_step(images=4, passed=4, loss=1.0, accuracy=0.5)
    assert epoch == EpochProgress(3, steps=1, passed=4, images=4, losses=4.0, right=2.0, seconds=7.0)
    epoch = epoch.after_step(images=1, passed=6, loss=3.0, accuracy=1.0)
    assert epoch == EpochProgress(3, steps=2, passed=6, images=5, losses=7.0, right=3.0, seconds=7.0)
    assert (epoch.loss, epoch.accuracy) == (pytest.approx(7 / 5), pytest.approx(3 / 5))
    assert EpochProgress(1, images=1, losses=0.25, right=0.5).loss == 0.25
    assert EpochProgress(1, images=1, losses=0.25, right=0.5).accuracy == 0.5


def test_a_training_begins_with_nothing_and_has_ended_the_epochs_before_the_present_one():
    begun = TrainingProgress(EpochProgress(3), 16, Precision.FLOAT32)
    assert begun == TrainingProgress(
        EpochProgress(3),
        batch_size=16,
        precision=Precision.FLOAT32,
        steps=0,
        passed=0,
        best_epoch=None,
        best_loss=None,
        best_accuracy=None,
    )
    assert begun.epochs == 2
