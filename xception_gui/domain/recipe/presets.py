"""The presets that recipes start from: one entry says all that there is to know of one."""

from dataclasses import dataclass
from enum import StrEnum

from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.recipe.hyperparameters import Augmentation, BatchNorm, HeadInit, Hyperparameters, Optimizer


class Preset(StrEnum):
    """The names of the presets, as files and options have them."""

    QUICK = "quick"
    FINE_TUNE = "fine-tune"
    TUTORIAL = "tutorial"


DEFAULT_PRESET = Preset.QUICK
"""Where nobody has chosen."""


@dataclass(frozen=True, slots=True)
class PresetTraits:
    """What a preset does, and what people are told of it."""

    title: str
    sentence: str  # on its card in the window
    technique: str  # below it
    option: str  # what the command line's help says
    summary: str  # in the model card
    hyperparameters: Hyperparameters | None  # its defaults; None: it trains the head alone
    takes_random_weights: bool = False

    @property
    def trains_network(self) -> bool:
        """Whether Xception itself is trained, which takes Keras."""
        return self.hyperparameters is not None


PRESETS = {
    Preset.QUICK: PresetTraits(
        title="Quick",
        sentence="Learns on what Xception already sees. Best for almost everything, and the fastest by far.",
        technique="trains the head: softmax regression on embeddings",
        option="the head alone, in minutes",
        summary="softmax regression on embeddings of a pretrained Xception",
        hyperparameters=None,
    ),
    Preset.FINE_TUNE: PresetTraits(
        title="Fine-tune",
        sentence="Starts from Quick's model and adapts all of Xception to your pictures. For many pictures, or ones "
        "unlike photographs. Never ends worse than Quick.",
        technique="trains everything: 20.9 million weights, AdamW",
        option="all of Xception, from Quick's model",
        summary="all of Xception trained on, from Quick's head",
        hyperparameters=Hyperparameters(
            epochs=5,
            batch_size=16,
            learning_rate=2e-5,
            optimizer=Optimizer.ADAMW,
            augment=Augmentation.FLIPS,
            head=HeadInit.QUICK,
            head_blocks=XCEPTION.embedding_blocks,
            batch_norm=BatchNorm.INFERENCE,
            label_smoothing=0.1,
            weight_decay=1e-4,
        ),
    ),
    Preset.TUTORIAL: PresetTraits(
        title="Tutorial",
        sentence="The Keras tutorial's recipe to the letter, to see how it is done. Slow without a GPU.",
        technique="trains everything with a fresh head, SGD",
        option="all of Xception, from a fresh head",
        summary="all of Xception trained by SGD with a fresh head",
        hyperparameters=Hyperparameters(
            epochs=5,
            batch_size=16,
            learning_rate=1e-3,
            optimizer=Optimizer.SGD,
            augment=Augmentation.FLIPS,
            head=HeadInit.FRESH,
            head_blocks=(14,),
            batch_norm=BatchNorm.TRAINING,
            momentum=0.9,
            decay=1e-6,
        ),
        takes_random_weights=True,
    ),
}
