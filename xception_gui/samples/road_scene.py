"""A road scene as a roadside camera sees it, and a canvas that draws it in perspective.

Distances are metres: `across` the road from its middle (right is positive), `up` from the asphalt, `ahead` of the
camera. Everything is drawn at twice the size and halved at the end, which smooths the edges.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

Colour = tuple[float, float, float]  # red, green, blue, each 0..255
Point = tuple[float, float]  # pixels of the doubled picture, from its top left
Quad = tuple[Point, Point, Point, Point]  # lower left, lower right, upper right, upper left

LANE_WIDTH = 3.5  # metres
WIDE, HIGH = 640, 480  # doubled pixels; a finished picture is 320x240
FAR = 220.0  # metres; beyond, haze doesn't thicken, or it would hide the ground before the hills


@dataclass(frozen=True, slots=True)
class Light:
    """The time of day and the weather."""

    sky_top: Colour
    sky_low: Colour  # at the horizon
    tint: Colour  # factors of a surface's colour, each about 0..1
    haze: Colour
    haze_distance: float  # metres at which a thing is 63 % haze
    shadow: float  # 0..1, how dark shadows are
    lamps: bool  # headlights, street lamps and windows are lit
    rain: bool = False
    sun_side: int = 1  # shadows fall to the left (-1) or to the right (1)


_LIGHTS = (
    Light((62, 124, 204), (196, 220, 238), (1.0, 1.0, 0.96), (196, 213, 230), 700, 0.42, lamps=False),
    Light((150, 160, 170), (206, 210, 212), (0.80, 0.82, 0.85), (192, 197, 201), 400, 0.2, lamps=False),
    Light((72, 78, 132), (252, 172, 112), (0.78, 0.60, 0.55), (214, 152, 126), 450, 0.3, lamps=True),
    Light((12, 18, 44), (58, 62, 96), (0.36, 0.39, 0.52), (48, 52, 78), 320, 0.5, lamps=True),
    Light((112, 121, 130), (158, 165, 170), (0.60, 0.63, 0.67), (150, 156, 162), 200, 0.25, lamps=True, rain=True),
    Light((184, 190, 194), (210, 213, 214), (0.76, 0.78, 0.79), (206, 209, 210), 95, 0.15, lamps=True),
)
_HOW_OFTEN = (0.25, 0.2, 0.16, 0.13, 0.13, 0.13)  # of the lights above: day, overcast, dusk, night, rain, fog
_GROUNDS = ((104, 132, 62), (128, 140, 74), (170, 156, 96), (86, 116, 64), (140, 128, 104), (116, 120, 118))


@dataclass(frozen=True, slots=True)
class Camera:
    """The camera's position and direction; projects metres to doubled pixels."""

    height: float  # metres above the asphalt
    offset: float  # metres across the road
    focal: float  # doubled pixels
    horizon: float  # doubled pixels from the top
    vanishing_x: float  # doubled pixels from the left
    curve: float  # 1 / metres; how the road bends

    def at(self, across: float, up: float, ahead: float) -> Point:
        """Return the pixel of a position; one behind or beside the camera is moved a little ahead of it."""
        ahead = max(ahead, 1.5)
        scale = self.focal / ahead
        x = self.vanishing_x + scale * (across + self.curve * ahead * ahead - self.offset)
        return x, self.horizon + scale * (self.height - up)

    @property
    def nearest(self) -> float:
        """Metres to the asphalt at the lower edge of the picture."""
        return self.focal * self.height / (HIGH - self.horizon)


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything in a picture except its vehicles."""

    light: Light
    camera: Camera
    lanes: int  # 2..4
    two_way: bool  # the left half comes towards the camera
    asphalt: Colour
    ground: Colour
    roadsides: tuple[str, str]  # left and right: "trees", "conifers", "buildings" or "open"
    barriers: bool

    @property
    def half_width(self) -> float:
        """Metres from the road's middle to the edge of its outer lane."""
        return self.lanes * LANE_WIDTH / 2


@dataclass(frozen=True, slots=True)
class Block:
    """A box along the road, whose upper face may be smaller than its base."""

    across: tuple[float, float]  # metres, left and right
    up: tuple[float, float]  # metres
    ahead: tuple[float, float]  # metres, near and far end
    slopes: tuple[float, float] = (0.0, 0.0)  # metres that the near and the far face lean inwards
    narrowing: float = 0.0  # metres that either side leans inwards


def random_scene(rng: np.random.Generator) -> Scene:
    """Return a road without vehicles; light, weather, camera and surroundings vary."""
    light = _LIGHTS[int(rng.choice(len(_LIGHTS), p=_HOW_OFTEN))]
    tint = scaled(light.tint, float(rng.uniform(0.82, 1.12)))
    grey = float(rng.uniform(66, 132))
    left, right = rng.choice(("trees", "conifers", "buildings", "open"), size=2)
    lanes = int(rng.choice((2, 3, 4), p=(0.2, 0.4, 0.4)))
    return Scene(
        light=replace(light, tint=tint, sun_side=int(rng.choice((-1, 1)))),
        camera=_random_camera(rng, lanes),
        lanes=lanes,
        two_way=bool(rng.random() < 0.5),
        asphalt=(grey, grey + 1, grey + float(rng.uniform(0, 8))),
        ground=scaled(_GROUNDS[int(rng.integers(len(_GROUNDS)))], float(rng.uniform(0.85, 1.1))),
        roadsides=(str(left), str(right)),
        barriers=bool(rng.random() < 0.45),
    )


def _random_camera(rng: np.random.Generator, lanes: int) -> Camera:
    focal = float(rng.uniform(470, 600))
    offset = float(rng.uniform(-1, 1)) * (lanes * LANE_WIDTH / 2 + 0.3)
    # The camera is turned so that the road, some way ahead, is near the middle of the picture.
    vanishing_x = WIDE / 2 + focal * offset / 22 + float(rng.uniform(-60, 60))
    return Camera(
        height=float(rng.uniform(5.5, 8.5)),
        offset=offset,
        focal=focal,
        horizon=float(rng.uniform(105, 175)),
        vanishing_x=vanishing_x,
        curve=float(rng.normal(0, 0.0006)),
    )


class Canvas:
    """A picture being drawn, nearer things over farther ones."""

    def __init__(self, scene: Scene, backdrop: Image.Image) -> None:
        """Draw on `backdrop`, an RGB image of WIDE x HIGH pixels; it is changed."""
        self.scene = scene
        self.image = backdrop
        self._draw = ImageDraw.Draw(backdrop)
        # Glow is drawn separately at half the size, blurred, and added at the end.
        self._glow_image = Image.new("RGB", (WIDE // 2, HIGH // 2))
        self._glow = ImageDraw.Draw(self._glow_image)

    def shade(self, colour: Colour, ahead: float, brightness: float = 1.0) -> tuple[int, int, int]:
        """Return the colour of a surface in the scene's light, `ahead` metres away in the haze."""
        light = self.scene.light
        clear = math.exp(-min(ahead, FAR) / light.haze_distance)
        red, green, blue = (
            min(255, int(clear * brightness * surface * tint + (1 - clear) * haze))
            for surface, tint, haze in zip(colour, light.tint, light.haze, strict=True)
        )
        return red, green, blue

    def fill(self, points: Sequence[Point], colour: tuple[int, int, int]) -> None:
        """Fill a polygon. It hides the glow of things behind it."""
        self._draw.polygon(points, fill=colour)
        if self.scene.light.lamps:
            self._glow.polygon([(x / 2, y / 2) for x, y in points], fill=(0, 0, 0))

    def flat(self, across: tuple[float, float], ahead: tuple[float, float], colour: Colour) -> None:
        """Fill a rectangle on the ground, in metres."""
        at, (left, right), (near, far) = self.scene.camera.at, across, ahead
        corners = (at(left, 0, near), at(right, 0, near), at(right, 0, far), at(left, 0, far))
        self._draw.polygon(corners, fill=self.shade(colour, (near + far) / 2))

    def ellipse(self, middle: Point, radii: Point, colour: tuple[int, int, int]) -> None:
        """Fill an ellipse; the radii are doubled pixels."""
        (x, y), (rx, ry) = middle, radii
        self._draw.ellipse((x - rx, y - ry, x + rx, y + ry), fill=colour)

    def glow(self, middle: Point, radii: Point, colour: Colour, strength: float) -> None:
        """Add spreading light, `strength` 0..1, where the scene's lamps are lit."""
        if self.scene.light.lamps:
            (x, y), (rx, ry) = middle, radii
            box = ((x - rx) / 2, (y - ry) / 2, (x + rx) / 2, (y + ry) / 2)
            red, green, blue = (int(strength * channel) for channel in colour)
            self._glow.ellipse(box, fill=(red, green, blue))

    def light_up(self, place: tuple[float, float], radius: float, colour: Colour) -> None:
        """Light up the ground around metres (across, ahead); daylight outshines this."""
        camera, (across, ahead) = self.scene.camera, place
        scale = camera.focal / ahead
        strength = 0.3 * (1 - self.scene.light.tint[1]) ** 1.5
        for share in (1.0, 0.8, 0.6, 0.4):  # brighter towards the middle
            reach = share * radius * scale
            radii = reach, reach * camera.height / ahead
            self.glow(camera.at(across, 0, ahead), radii, colour, strength * (1.2 - share))

    def block(self, block: Block, colour: Colour, brightness: float = 1.0) -> tuple[Quad, Quad | None]:
        """Draw a block; return its near face and the visible side, if there is one."""
        near, side, top, far = _faces(self.scene.camera, block)
        ahead = block.ahead[0]
        sunny = side is not None and (side[0] == near[1]) != (self.scene.light.sun_side > 0)
        self.fill(far, self.shade(colour, ahead, 0.6 * brightness))
        if side is not None:
            self.fill(side, self.shade(colour, ahead, (0.98 if sunny else 0.7) * brightness))
        self.fill(top, self.shade(colour, ahead, 1.1 * brightness))
        self.fill(near, self.shade(colour, ahead, 0.84 * brightness))
        return near, side

    def finished(self, rng: np.random.Generator) -> Image.Image:
        """Return the picture at its final size, with the glow, the rain and the flaws of a camera."""
        image = self.image.reduce(2)
        if self.scene.light.lamps:
            wide = self._glow_image.reduce(4).filter(ImageFilter.GaussianBlur(1.8)).resize(image.size)
            image = ImageChops.add(image, self._glow_image.filter(ImageFilter.GaussianBlur(1.5)))
            image = ImageChops.add(image, wide)
        if self.scene.light.rain:
            _add_rain(image, self.scene.light.sky_low, rng)
        image = image.filter(ImageFilter.GaussianBlur(float(rng.uniform(0, 0.6))))
        grain = rng.standard_normal((image.height, image.width, 1), dtype=np.float32) * rng.uniform(1.0, 3.5)
        return Image.fromarray(np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8))


def inset(quad: Quad, left: float, right: float, low: float, high: float) -> Quad:
    """Return the part of a face between shares 0..1 of its width and height."""
    a, b, c, d = quad

    def at(u: float, v: float) -> Point:
        x = (1 - v) * ((1 - u) * a[0] + u * b[0]) + v * ((1 - u) * d[0] + u * c[0])
        y = (1 - v) * ((1 - u) * a[1] + u * b[1]) + v * ((1 - u) * d[1] + u * c[1])
        return x, y

    return at(left, low), at(right, low), at(right, high), at(left, high)


def scaled(colour: Colour, factor: float) -> Colour:
    """Return a colour that is `factor` times as bright."""
    return colour[0] * factor, colour[1] * factor, colour[2] * factor


def _faces(camera: Camera, block: Block) -> tuple[Quad, Quad | None, Quad, Quad]:
    (left, right), (low, high), (near, far) = block.across, block.up, block.ahead
    lean, back, inwards = *block.slopes, block.narrowing
    a, b = camera.at(left, low, near), camera.at(right, low, near)
    c, d = camera.at(right, low, far), camera.at(left, low, far)
    e, f = camera.at(left + inwards, high, near + lean), camera.at(right - inwards, high, near + lean)
    g, h = camera.at(right - inwards, high, far - back), camera.at(left + inwards, high, far - back)
    side = (b, c, g, f) if c[0] > b[0] else (d, a, e, h) if d[0] < a[0] else None
    return (a, b, f, e), side, (e, f, g, h), (d, c, g, h)


def _add_rain(image: Image.Image, colour: Colour, rng: np.random.Generator) -> None:
    """Draw slanting streaks on a finished picture, in place."""
    mask = Image.new("L", image.size)
    streaks, slant = ImageDraw.Draw(mask), float(rng.uniform(-0.35, 0.35))
    for x, y, length in rng.uniform((0, -20, 8), (image.width, image.height, 20), size=(170, 3)).tolist():
        streaks.line((x, y, x + slant * length, y + length), fill=52)
    red, green, blue = (int(channel) for channel in colour)
    image.paste((red, green, blue), (0, 0, image.width, image.height), mask)
