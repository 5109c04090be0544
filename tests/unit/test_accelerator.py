"""Where Keras has an accelerator, the training pictures of a network's training pass through it, and no others.

The accelerator is a processor here: Keras only says that it has another one.
"""

import os
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import draw_dataset
from xception_gui import paths
from xception_gui.data.dataset.split import Split, split_dataset
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.errors import JobStopped
from xception_gui.domain.messages.base import Message
from xception_gui.domain.messages.training import Notice, NoticeCode
from xception_gui.finetune import devices, keras_backbone
from xception_gui.finetune.keras_backbone import KerasBackbone
from xception_gui.inference.embedder import Embedder
from xception_gui.inference.head import probabilities
from xception_gui.jobs.dataset.check import read_dataset
from xception_gui.jobs.reporting import never
from xception_gui.jobs.training import accelerator
from xception_gui.jobs.training.accelerator import embed_training, keras_embedder
from xception_gui.jobs.training.figures import measure_head
from xception_gui.jobs.training.quick import read_pictures, train_quick
from xception_gui.jobs.training.trained_model import Model
from xception_gui.paths import HOME_VARIABLE

SIZE = 71
BATCH = 8
CLASSES = {"red": (220, 60, 60), "blue": (60, 60, 220), "grey": (110, 110, 130)}


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))


@pytest.fixture
def with_accelerator(monkeypatch):
    monkeypatch.setattr(devices, "accelerators", lambda: ["gpu:0"])
    monkeypatch.setattr(accelerator, "WORTH_IT", 10)
    monkeypatch.setattr(keras_backbone, "PIXELS_AT_ONCE", BATCH * SIZE**2)


@pytest.fixture
def split(tmp_path) -> Split:
    dataset = read_dataset(str(draw_dataset(tmp_path / "pictures", CLASSES, count=12)), lambda event: None, never)
    return split_dataset(dataset, val_fraction=0.2, max_per_class=None, seed=0)


def trained(split: Split, *, is_start: bool = True, report=lambda event: None) -> Model:
    return train_quick(split, Embedder(XCEPTION, SIZE), 0, is_start=is_start, report=report, stop=never)


def known(embedder: Embedder, pictures) -> int:
    return sum(picture.sha256 in embedder.cache for picture in pictures)


def notices(events: list[Message]) -> list[NoticeCode]:
    return [event.code for event in events if isinstance(event, Notice)]


def test_training_pictures_pass_through_keras_and_all_others_through_the_predictor(split, with_accelerator):
    model = trained(split)
    assert model.embedder.runtime == Embedder(XCEPTION, SIZE).runtime
    assert (known(model.embedder, split.train), known(model.embedder, split.val)) == (0, len(split.val))
    in_keras = keras_embedder(XCEPTION, SIZE)
    assert (known(in_keras, split.train), known(in_keras, split.val)) == (len(split.train), 0)


def test_the_model_is_as_without_it_and_its_figures_are_those_of_the_predictor(split, with_accelerator):
    model = trained(split)
    plain = trained(split, is_start=False)
    _, validation = read_pictures(split, Embedder(XCEPTION, SIZE), 0, lambda event: None, never, None)
    with_it, without = (probabilities(one.head, validation.embeddings) for one in (model, plain))
    assert not np.array_equal(with_it, without)
    np.testing.assert_allclose(with_it, without, atol=1e-2)
    assert model.validation == measure_head(model.head, validation)


def test_what_the_predictor_knows_already_is_not_embedded_again(split, with_accelerator):
    read_before = split.train[::3]
    list(Embedder(XCEPTION, SIZE).embed(picture.path for picture in read_before))
    found = list(embed_training(split.train, Embedder(XCEPTION, SIZE), lambda event: None, never))
    assert [embedded.path for embedded in found] == [picture.path for picture in split.train]
    assert known(keras_embedder(XCEPTION, SIZE), split.train) == len(split.train) - len(read_before)
    assert known(Embedder(XCEPTION, SIZE), split.train) == len(read_before)


def test_quick_alone_does_without_it(split, with_accelerator):
    trained(split, is_start=False)
    assert known(keras_embedder(XCEPTION, SIZE), split.train) == 0


def test_few_pictures_are_not_worth_it(split, with_accelerator, monkeypatch):
    monkeypatch.setattr(accelerator, "WORTH_IT", len(split.train) + 1)
    trained(split)
    assert known(keras_embedder(XCEPTION, SIZE), split.train) == 0
    assert known(Embedder(XCEPTION, SIZE), split.train) == len(split.train)


def test_own_weights_are_embedded_by_their_own_backbone(split, with_accelerator, tmp_path):
    """Keras would embed with the shipped ones: the model would be fitted to another network than the one that runs."""
    own = tmp_path / "own" / "backbone.tflite"
    own.parent.mkdir()
    own.write_bytes(paths.shipped_backbone().read_bytes())
    list(embed_training(split.train, Embedder(XCEPTION, SIZE, own), lambda event: None, never))
    assert known(keras_embedder(XCEPTION, SIZE), split.train) == 0
    assert known(Embedder(XCEPTION, SIZE, own), split.train) == len(split.train)


def test_an_accelerator_that_fails_on_the_way_is_told_and_the_processor_goes_on(split, with_accelerator, monkeypatch):
    real = KerasBackbone._embed_batch
    passed = []

    def out_of_memory(self, pictures):
        passed.append(len(pictures))
        if len(passed) > 2:
            raise RuntimeError("out of memory")
        return real(self, pictures)

    monkeypatch.setattr(KerasBackbone, "_embed_batch", out_of_memory)
    events: list[Message] = []
    model = trained(split, report=events.append)
    assert notices(events) == [NoticeCode.ACCELERATOR_FAILED]
    assert passed == [1, BATCH, BATCH]  # the first compares it with the predictor
    assert known(keras_embedder(XCEPTION, SIZE), split.train) == BATCH
    assert known(Embedder(XCEPTION, SIZE), split.train) == len(split.train) - BATCH
    assert model.rests_on is None and model.validation.accuracy == 1


def test_an_accelerator_that_computes_something_else_is_not_believed(split, with_accelerator, monkeypatch):
    real = KerasBackbone._embed_batch
    monkeypatch.setattr(KerasBackbone, "_embed_batch", lambda self, pictures: real(self, pictures) * np.float16(1.01))
    events: list[Message] = []
    trained(split, report=events.append)
    assert notices(events) == [NoticeCode.ACCELERATOR_FAILED]
    assert known(keras_embedder(XCEPTION, SIZE), split.train) == 0
    assert known(Embedder(XCEPTION, SIZE), split.train) == len(split.train)


def test_a_stop_is_no_failure_and_keeps_what_passed(split, with_accelerator):
    events: list[Message] = []
    asked = []
    with pytest.raises(JobStopped):
        list(
            embed_training(
                split.train, Embedder(XCEPTION, SIZE), events.append, lambda: asked.append(1) or len(asked) > BATCH
            )
        )
    assert not notices(events)
    assert known(keras_embedder(XCEPTION, SIZE), split.train) == BATCH
    assert known(Embedder(XCEPTION, SIZE), split.train) == 0


def test_what_keras_embedded_once_it_does_not_embed_again(split, with_accelerator, monkeypatch):
    first = trained(split)
    monkeypatch.setattr(KerasBackbone, "_embed_batch", None)  # whoever calls it fails
    events: list[Message] = []
    again = trained(split, report=events.append)
    assert not notices(events)
    np.testing.assert_array_equal(again.head.kernel, first.head.kernel)


@pytest.mark.skipif(
    any(Path(driver).exists() for driver in ("/dev/nvidiactl", "/dev/kfd", "/dev/dxg")) or os.name != "posix",
    reason="There may be an accelerator",
)
def test_a_processor_is_no_accelerator():
    assert devices.accelerators() == []
