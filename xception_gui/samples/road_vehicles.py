"""Drawing of vehicles: boxes with windows, wheels and lamps, seen from behind, or from the front if oncoming."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xception_gui.samples.road_scene import LANE_WIDTH, Block, Canvas, Colour, Point, Quad, Scene, inset


@dataclass(frozen=True, slots=True)
class _Part:
    """A block of a vehicle; lengths are shares of the vehicle's length, counted from its rear."""

    start: float
    end: float
    low: float  # metres
    high: float  # metres
    rear_slope: float = 0.0
    front_slope: float = 0.0
    narrowing: float = 0.0  # metres on either side, at the roof
    windows: bool = False
    cargo: bool = False  # painted like the load, not like the cab


@dataclass(frozen=True, slots=True)
class _Model:
    """A type of vehicle. Its parts: front ones before rear ones, lower before upper."""

    length: float  # metres
    width: float  # metres
    parts: tuple[_Part, ...]


_SALOON = _Model(
    4.5, 1.8, (_Part(0, 1, 0.2, 0.88, 0.01, 0.03, 0.04), _Part(0.1, 0.76, 0.88, 1.42, 0.1, 0.16, 0.2, True))
)
_HATCHBACK = _Model(
    3.9, 1.75, (_Part(0, 1, 0.2, 0.9, 0, 0.04, 0.04), _Part(0.02, 0.78, 0.9, 1.5, 0.09, 0.18, 0.18, True))
)
_ESTATE = _Model(
    4.7, 1.9, (_Part(0, 1, 0.25, 1.0, 0, 0.03, 0.04), _Part(0.01, 0.75, 1.0, 1.68, 0.06, 0.13, 0.17, True))
)
_VAN = _Model(
    5.4,
    2.0,
    (
        _Part(0, 1, 0.28, 1.15, 0, 0.02),
        _Part(0.64, 0.9, 1.15, 2.15, 0, 0.12, 0.12, True),
        _Part(0, 0.64, 1.15, 2.2, 0.01, 0, 0.1),
    ),
)
_LORRY = _Model(
    8.6,
    2.45,
    (
        _Part(0.76, 0.98, 0.45, 1.5),
        _Part(0.76, 0.98, 1.5, 2.8, 0, 0.02, 0.1, True),
        _Part(0, 0.74, 0.8, 3.4, cargo=True),
    ),
)
_BUS = _Model(9.0, 2.5, (_Part(0, 1, 0.35, 1.3), _Part(0, 1, 1.3, 2.8, 0.01, 0.01, 0.12, True)))
_MODELS = (_SALOON, _HATCHBACK, _ESTATE, _VAN, _LORRY, _BUS)
_PAINTS = (
    (238, 238, 236), (214, 216, 220), (150, 155, 162), (92, 97, 104), (34, 36, 40), (24, 28, 44), (176, 32, 34),
    (28, 72, 150), (60, 128, 190), (34, 92, 70), (214, 168, 44), (206, 96, 40), (120, 30, 44), (196, 184, 156),
)  # fmt: skip
_RED, _WHITE = (255, 40, 24), (255, 244, 214)


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle on the road."""

    model: _Model
    lane: float  # metres across the road, the middle of its lane
    sway: float  # metres, from the middle of the lane
    ahead: float  # metres, the end that is nearer to the camera
    oncoming: bool
    braking: bool
    paint: Colour
    load: Colour

    def block(self, part: _Part) -> Block:
        """Return the position of a part on the road."""
        start, end, slopes = part.start, part.end, (part.rear_slope, part.front_slope)
        if self.oncoming:
            start, end, slopes = 1 - end, 1 - start, (slopes[1], slopes[0])
        length, half = self.model.length, self.model.width / 2
        middle = self.lane + self.sway
        return Block(
            across=(middle - half, middle + half),
            up=(part.low, part.high),
            ahead=(self.ahead + start * length, self.ahead + end * length),
            slopes=(slopes[0] * length, slopes[1] * length),
            narrowing=part.narrowing,
        )


def random_vehicle(rng: np.random.Generator, scene: Scene, lane_index: int, ahead: float) -> Vehicle:
    """Return a random vehicle in a lane (from the left, from 0), its near end `ahead` metres away."""
    paint, load = (_PAINTS[int(rng.integers(len(_PAINTS)))] for _ in range(2))
    return Vehicle(
        model=_MODELS[int(rng.choice(len(_MODELS), p=(0.31, 0.28, 0.23, 0.11, 0.05, 0.02)))],
        lane=(lane_index + 0.5) * LANE_WIDTH - scene.half_width,
        sway=float(rng.uniform(-0.3, 0.3)),
        ahead=ahead,
        oncoming=scene.two_way and lane_index < scene.lanes // 2,
        braking=bool(rng.random() < 0.35),
        paint=paint,
        load=load,
    )


def draw_beam(canvas: Canvas, vehicle: Vehicle) -> None:
    """Draw the road lit by the headlights."""
    reach = 3.5  # metres
    middle = vehicle.ahead - reach if vehicle.oncoming else vehicle.ahead + vehicle.model.length + reach
    canvas.light_up((vehicle.lane + vehicle.sway, max(middle, 4.0)), 2.2, _WHITE)


def draw_vehicle(canvas: Canvas, vehicle: Vehicle) -> None:
    """Draw a vehicle with its shadow and its lamps."""
    small = canvas.scene.camera.focal / max(vehicle.ahead, 1.5) * vehicle.model.width < 22  # doubled pixels
    _draw_shadow(canvas, vehicle)
    underside = canvas.block(vehicle.block(_Part(0.01, 0.99, 0.06, 0.5)), (34, 35, 38))
    parts: Sequence[_Part] = vehicle.model.parts
    if vehicle.oncoming:  # the front is the near end, so its parts come last
        parts = sorted(parts, key=lambda part: (part.start, part.low))
    for part in parts:
        block = vehicle.block(part)
        front, flank = canvas.block(block, vehicle.load if part.cargo else vehicle.paint)
        if part.cargo and not vehicle.oncoming:
            _draw_doors(canvas, vehicle, front)
        if part.windows:
            _draw_glass(canvas, block, front, None if small else flank)
    if not small:
        _draw_wheels(canvas, vehicle, *underside)
        _draw_plate(canvas, vehicle)
    _draw_lamps(canvas, vehicle)


def _draw_shadow(canvas: Canvas, vehicle: Vehicle) -> None:
    light, half = canvas.scene.light, vehicle.model.width / 2
    red, green, blue = (channel * (1 - light.shadow) for channel in canvas.scene.asphalt)
    middle, reach = vehicle.lane + vehicle.sway, light.shadow * light.sun_side * 2.2
    left, right = middle - half - 0.15 + min(reach, 0), middle + half + 0.15 + max(reach, 0)
    canvas.flat((left, right), (vehicle.ahead - 0.2, vehicle.ahead + vehicle.model.length + 0.2), (red, green, blue))


def _draw_doors(canvas: Canvas, vehicle: Vehicle, front: Quad) -> None:
    for left in (0.04, 0.51):
        door = inset(front, left, left + 0.45, 0.05, 0.95)
        canvas.fill(door, canvas.shade(vehicle.load, vehicle.ahead, 0.94))


def _draw_glass(canvas: Canvas, block: Block, front: Quad, flank: Quad | None) -> None:
    ahead = block.ahead[0]
    canvas.fill(inset(front, 0.07, 0.93, 0.12, 0.9), canvas.shade((58, 70, 84), ahead))
    canvas.fill(inset(front, 0.07, 0.93, 0.55, 0.9), canvas.shade((84, 99, 115), ahead))
    if flank is None:
        return
    panes = max(2, round((block.ahead[1] - block.ahead[0]) / 1.5))
    for pane in range(panes):
        left = (pane + 0.08) / panes
        canvas.fill(inset(flank, left, left + 0.84 / panes, 0.14, 0.88), canvas.shade((48, 58, 70), ahead))


def _draw_wheels(canvas: Canvas, vehicle: Vehicle, front: Quad, flank: Quad | None) -> None:
    """Draw the wheels of the visible side."""
    if flank is None:
        return
    at, length = canvas.scene.camera.at, vehicle.model.length
    right_side = flank[0] == front[1]  # they share a corner
    across = vehicle.lane + vehicle.sway + (0.5 if right_side else -0.5) * vehicle.model.width
    for share in (0.18, 0.8):
        for radius, grey in ((0.36, 26), (0.19, 128)):
            turns = [2 * math.pi * i / 12 for i in range(12)]
            rim = [
                at(across, 0.34 + radius * math.sin(turn), vehicle.ahead + share * length + radius * math.cos(turn))
                for turn in turns
            ]
            canvas.fill(rim, canvas.shade((grey, grey, grey + 2), vehicle.ahead))


def _draw_plate(canvas: Canvas, vehicle: Vehicle) -> None:
    if vehicle.oncoming:
        _fill_ahead(canvas, vehicle, (-0.5, 0.5), (0.5, 0.68), canvas.shade((30, 32, 35), vehicle.ahead))
    _fill_ahead(canvas, vehicle, (-0.95, 0.95), (0.24, 0.38), canvas.shade((44, 46, 50), vehicle.ahead))
    _fill_ahead(canvas, vehicle, (-0.27, 0.27), (0.4, 0.52), canvas.shade((232, 230, 214), vehicle.ahead))


def _draw_lamps(canvas: Canvas, vehicle: Vehicle) -> None:
    lit = canvas.scene.light.lamps
    scale = canvas.scene.camera.focal / max(vehicle.ahead, 1.5)
    colour, strength = (_WHITE, 0.9) if vehicle.oncoming else (_RED, 0.85 if vehicle.braking else 0.45)
    glass = (206, 210, 212) if vehicle.oncoming else (150, 26, 26)
    shown = colour if lit or (vehicle.braking and not vehicle.oncoming) else canvas.shade(glass, vehicle.ahead)
    half = vehicle.model.width / 2
    for side in (-1, 1):
        _fill_ahead(canvas, vehicle, (side * 0.95, side * 0.6), (0.6, 0.76), shown)
        middle = vehicle.lane + vehicle.sway + side * 0.78 * half
        radius = (0.34 if vehicle.oncoming else 0.24) * scale
        canvas.glow(canvas.scene.camera.at(middle, 0.68, vehicle.ahead), (radius, radius * 0.8), colour, strength)
        if canvas.scene.light.rain:
            mirrored = canvas.scene.camera.at(middle, -0.7, vehicle.ahead)
            canvas.glow(mirrored, (0.14 * scale, 0.75 * scale), colour, 0.4 * strength)


def _fill_ahead(
    canvas: Canvas, vehicle: Vehicle, across: Point, up: tuple[float, float], colour: tuple[int, int, int]
) -> None:
    """Fill a rectangle on the near end; `across` in shares of half the vehicle's width, `up` in metres."""
    middle, half = vehicle.lane + vehicle.sway, vehicle.model.width / 2
    (left, right), (low, high) = (middle + across[0] * half, middle + across[1] * half), up
    at, ahead = canvas.scene.camera.at, vehicle.ahead
    canvas.fill((at(left, low, ahead), at(right, low, ahead), at(right, high, ahead), at(left, high, ahead)), colour)
