"""How long the recipes will take on the wizard's data set, on this computer."""

from xception_gui.domain.estimates import FEWEST_TRIED, forecast_seconds, seconds_for
from xception_gui.domain.messages.dataset import CheckResult
from xception_gui.domain.recipe import Preset, Recipe, make_recipe
from xception_gui.ui.dataset.machine_speed import MachineSpeed
from xception_gui.ui.dataset.reading_ahead import ReadingAhead


def pictures_taken(result: CheckResult, recipe: Recipe) -> int:
    """Count the pictures of a data set that a recipe uses."""
    most = recipe.max_per_class
    return sum(count if most is None else min(count, most) for count in result.classes.values())


def are_too_few_to_try(result: CheckResult, recipe: Recipe) -> bool:
    """Return whether a data set has too few training pictures for a forecast; False if its own parts decide that."""
    return not result.has_parts and pictures_taken(result, recipe) * (1 - recipe.val_fraction) < FEWEST_TRIED


class Durations:
    """Estimates durations from the speed of this computer and the pictures read so far. All are in seconds, and None
    while the speed isn't known."""

    def __init__(self, speed: MachineSpeed, reading: ReadingAhead) -> None:
        self._speed = speed
        self._reading = reading

    def of_training(self, recipe: Recipe, result: CheckResult) -> float | None:
        """Estimate the duration of a training."""
        speed = self._speed.result
        if speed is None:
            return None
        pictures = pictures_taken(result, recipe)
        embedded = max(result.embedded, self._reading.pictures_read)
        return seconds_for(
            recipe, pictures=pictures, embedded=min(pictures, embedded), speed=speed, pace=self._reading.pace
        )

    def of_forecast(self, result: CheckResult) -> float | None:
        """Estimate the duration of a forecast of Fine-tune."""
        recipe = make_recipe(Preset.FINE_TUNE)
        whole, quick = self.of_training(recipe, result), self.of_training(make_recipe(Preset.QUICK), result)
        if whole is None or quick is None:
            return None
        return forecast_seconds(whole, quick, pictures_taken(result, recipe))
