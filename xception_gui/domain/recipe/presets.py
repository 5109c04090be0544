"""The presets that recipes start from, with all their properties and texts."""

from dataclasses import dataclass
from enum import StrEnum

from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.recipe.hyperparameters import (
    Augmentation,
    BatchNorm,
    HeadInit,
    Hyperparameters,
    Optimizer,
    SizeChoice,
)


class Preset(StrEnum):
    """The names of the presets in files and options."""

    QUICK = "quick"
    FINE_TUNE = "fine-tune"
    TUTORIAL = "tutorial"


DEFAULT_PRESET = Preset.QUICK
"""The preset if none is chosen."""


@dataclass(frozen=True, slots=True)
class PresetTraits:
    """Properties and texts of a preset."""

    title: str
    sentence: str  # on its card in the window
    technique: str  # below the sentence
    option: str  # in the command line's help
    summary: str  # in the model card
    hyperparameters: Hyperparameters | None  # default values; None: only the head is trained
    takes_random_weights: bool = False

    @property
    def trains_network(self) -> bool:
        """Whether Xception itself is trained, which needs Keras."""
        return self.hyperparameters is not None


PRESETS = {
    Preset.QUICK: PresetTraits(
        title="Quick",
        sentence="Learns from what Xception already sees. Good at almost everything, and by far the fastest.",
        technique="Trains only the last layer: softmax regression on embeddings",
        option="train only the last layer, in minutes",
        summary="softmax regression on embeddings of a pretrained Xception",
        hyperparameters=None,
    ),
    Preset.FINE_TUNE: PresetTraits(
        title="Fine-tune",
        sentence="Starts from Quick's model and adapts Xception to your pictures. Usually more accurate, above all "
        "with unusual pictures such as handwriting, but takes minutes. Keeps Quick's model if that does better.",
        technique="Trains blocks 5 to 14 of Xception on varied pictures, with AdamW",
        option="train most of Xception, from Quick's model",
        summary="Xception fine-tuned, from Quick's model",
        hyperparameters=Hyperparameters(
            epochs=12,
            batch_size=16,
            learning_rate=5e-4,
            optimizer=Optimizer.ADAMW,
            augment=Augmentation.VARIED,
            head=HeadInit.QUICK,
            head_blocks=XCEPTION.embedding_blocks,
            batch_norm=BatchNorm.INFERENCE,
            label_smoothing=0.05,
            weight_decay=1e-4,
            warm_up=0.1,
            layer_decay=0.85,
            train_size=224,
            size_choice=SizeChoice.SUITED,
            first_trainable_block=5,
        ),
    ),
    Preset.TUTORIAL: PresetTraits(
        title="Tutorial",
        sentence="Follows the Keras tutorial exactly, to show how training works. Slow without a graphics card.",
        technique="Trains all weights and a new last layer, with SGD",
        option="train all of Xception, with a new last layer",
        summary="all of Xception trained with a new last layer, by SGD",
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
