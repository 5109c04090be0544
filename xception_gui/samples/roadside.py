"""Drawing of a scene without vehicles: sky and hills, the carriageway, and the roadside."""

import math

import numpy as np
from PIL import Image

from xception_gui.samples.road_scene import (
    FAR,
    HIGH,
    LANE_WIDTH,
    WIDE,
    Block,
    Canvas,
    Colour,
    Point,
    Quad,
    Scene,
    inset,
    scaled,
)

_WARM = (255, 206, 140)  # the light of street lamps


def empty_road(scene: Scene, rng: np.random.Generator) -> Canvas:
    """Draw the scene without vehicles, which can be added to the result."""
    canvas = Canvas(scene, _backdrop(scene, rng))
    for distance, height in ((900, 34), (420, 20)):
        _draw_hills(canvas, rng, distance, height)
    _draw_carriageway(canvas)
    left, right = scene.roadsides
    for ahead in np.cumsum(rng.uniform(7, 15, size=13))[::-1].tolist():
        _draw_roadside(canvas, rng, left, -1, ahead + 3)
        _draw_roadside(canvas, rng, right, 1, ahead + 7)
    if scene.barriers:
        _draw_barriers(canvas)
    if rng.random() < 0.7:
        _draw_street_lamps(canvas, int(rng.choice((-1, 1))))
    return canvas


def _clouds(rng: np.random.Generator) -> Image.Image:
    """Return a soft, patchy mask of WIDE x HIGH pixels."""
    patches = np.zeros((120, 160), np.float32)
    for rows, columns, weight in ((5, 4, 0.5), (11, 8, 0.3), (24, 16, 0.2)):
        grid = Image.fromarray(rng.random((rows, columns), dtype=np.float32))
        patches += weight * np.asarray(grid.resize((160, 120), Image.Resampling.BICUBIC))
    cover = np.clip((patches - rng.uniform(0.36, 0.55)) * 4, 0, 1) * rng.uniform(90, 210)
    return Image.fromarray(cover.astype(np.uint8)).resize((WIDE, HIGH), Image.Resampling.BILINEAR)


def _backdrop(scene: Scene, rng: np.random.Generator) -> Image.Image:
    """Draw sky with clouds above the horizon, mottled ground below."""
    light, camera = scene.light, scene.camera
    rows = np.arange(HIGH)[:, None]
    blend = np.clip(rows / camera.horizon, 0, 1) ** 1.3
    sky = (1 - blend) * np.array(light.sky_top) + blend * np.array(light.sky_low)
    ahead = camera.focal * camera.height / np.maximum(rows - camera.horizon, 1)
    clear = np.exp(-np.minimum(ahead, FAR) / light.haze_distance)
    ground = clear * np.array(scene.ground) * np.array(light.tint) + (1 - clear) * np.array(light.haze)
    below = rows >= camera.horizon
    plain = np.where(below, ground, sky)
    cloudy = np.where(below, ground * 0.86, 0.45 * sky + 0.55 * np.array(scaled((255, 255, 255), 1)) * light.tint)
    image, patches = (
        Image.fromarray(np.clip(column, 0, 255).astype(np.uint8)[:, None, :]).resize(
            (WIDE, HIGH), Image.Resampling.NEAREST
        )
        for column in (plain, cloudy)
    )
    image.paste(patches, mask=_clouds(rng))
    return image


def _draw_hills(canvas: Canvas, rng: np.random.Generator, distance: float, height: float) -> None:
    """Draw a ridge at the horizon, about `height` doubled pixels high."""
    steps = np.convolve(rng.normal(0, 1, 33 + 6), np.ones(7) / 7, mode="valid") * height * 1.4 + height * 0.7
    horizon = canvas.scene.camera.horizon
    ridge = [(i * WIDE / 32, horizon - max(2.0, step)) for i, step in enumerate(steps.tolist())]
    colour = canvas.shade(scaled(canvas.scene.ground, 0.7), distance / 3)
    canvas.fill([(0, horizon + 3), *ridge, (WIDE, horizon + 3)], colour)


def _draw_carriageway(canvas: Canvas) -> None:
    scene = canvas.scene
    half, nearest = scene.half_width, scene.camera.nearest * 0.8
    stretches = [(nearest * 1.2**i, nearest * 1.2 ** (i + 1)) for i in range(26)]
    white, verge = (226, 226, 220), scaled(scene.ground, 0.8)
    for width, colour in ((half + 3, verge), (half + 1.3, scaled(scene.asphalt, 0.9)), (half, scene.asphalt)):
        for stretch in stretches:
            canvas.flat((-width, width), stretch, colour)
    solid = [-half + 0.1, half - 0.25]
    if scene.two_way:
        middle = (scene.lanes // 2 - scene.lanes / 2) * LANE_WIDTH
        solid += [middle - 0.25, middle + 0.1]
    for across in solid:
        for stretch in stretches[:16]:
            canvas.flat((across, across + 0.15), stretch, white)
    for lane in range(1, scene.lanes):
        across = lane * LANE_WIDTH - half
        if not scene.two_way or lane != scene.lanes // 2:
            for dash in range(12):
                start = nearest + dash * 9
                canvas.flat((across - 0.07, across + 0.07), (start, start + 3.5), white)


def _draw_roadside(canvas: Canvas, rng: np.random.Generator, kind: str, side: int, ahead: float) -> None:
    edge = side * (canvas.scene.half_width + 4)
    match kind:
        case "trees":
            _draw_tree(canvas, rng, edge + side * float(rng.uniform(0.5, 7)), ahead)
        case "conifers":
            _draw_conifer(canvas, rng, edge + side * float(rng.uniform(0, 8)), ahead)
        case "buildings":
            _draw_building(canvas, rng, side, ahead)
        case _ if rng.random() < 0.4:
            _draw_bush(canvas, rng, edge + side * float(rng.uniform(1, 14)), ahead)


def _leaves(rng: np.random.Generator) -> Colour:
    return float(rng.uniform(58, 92)), float(rng.uniform(86, 122)), float(rng.uniform(40, 62))


def _draw_crown(canvas: Canvas, rng: np.random.Generator, middle: Point, radius: float, ahead: float) -> None:
    """Draw leaves: shaded clumps, then brighter ones towards the sun."""
    leaves, sun = _leaves(rng), -canvas.scene.light.sun_side
    for brightness, shift, size in ((0.72, 0.0, 0.72), (0.9, 0.16, 0.55), (1.12, 0.3, 0.34)):
        for angle in rng.uniform(0, 2 * math.pi, size=5).tolist():
            x = middle[0] + radius * (0.5 * math.cos(angle) + sun * shift)
            y = middle[1] + radius * (0.42 * math.sin(angle) - shift)
            canvas.ellipse((x, y), (radius * size, radius * size * 0.9), canvas.shade(leaves, ahead, brightness))


def _draw_tree(canvas: Canvas, rng: np.random.Generator, across: float, ahead: float) -> None:
    at, height = canvas.scene.camera.at, float(rng.uniform(4.5, 8.5))
    canvas.flat((across - 1.6, across + 1.6), (ahead - 0.8, ahead + 0.8), scaled(canvas.scene.ground, 0.62))
    trunk = (at(across - 0.18, 0, ahead), at(across + 0.18, 0, ahead))
    top = (at(across + 0.1, height * 0.6, ahead), at(across - 0.1, height * 0.6, ahead))
    canvas.fill((*trunk, *top), canvas.shade((92, 72, 54), ahead))
    radius = canvas.scene.camera.focal / max(ahead, 1.5) * height * 0.3
    _draw_crown(canvas, rng, at(across, height * 0.72, ahead), radius, ahead)


def _draw_bush(canvas: Canvas, rng: np.random.Generator, across: float, ahead: float) -> None:
    radius = canvas.scene.camera.focal / max(ahead, 1.5) * float(rng.uniform(0.5, 1.1))
    _draw_crown(canvas, rng, canvas.scene.camera.at(across, 0.6, ahead), radius, ahead)


def _draw_conifer(canvas: Canvas, rng: np.random.Generator, across: float, ahead: float) -> None:
    at, height = canvas.scene.camera.at, float(rng.uniform(5, 10))
    leaves = scaled(_leaves(rng), 0.75)
    for tier in range(4):
        low, width = height * (0.1 + 0.2 * tier), height * (0.22 - 0.045 * tier)
        corners = at(across - width, low, ahead), at(across + width, low, ahead)
        tip = at(across, low + height * 0.36, ahead)
        canvas.fill((*corners, tip), canvas.shade(leaves, ahead, 0.8 + 0.1 * tier))
        canvas.fill((corners[0], at(across, low, ahead), tip), canvas.shade(leaves, ahead, 0.95 + 0.1 * tier))


def _draw_building(canvas: Canvas, rng: np.random.Generator, side: int, ahead: float) -> None:
    inner = side * (canvas.scene.half_width + float(rng.uniform(5, 9)))
    outer = inner + side * float(rng.uniform(8, 14))
    floors = int(rng.integers(1, 6))
    wall = ((196, 180, 160), (170, 120, 96), (150, 152, 156), (206, 200, 190), (120, 112, 108))[int(rng.integers(5))]
    block = Block((min(inner, outer), max(inner, outer)), (0, 3 * floors + 0.8), (ahead, ahead + 9))
    for face in canvas.block(block, wall):
        if face is not None:
            _draw_windows(canvas, rng, face, floors, ahead)


def _draw_windows(canvas: Canvas, rng: np.random.Generator, face: Quad, floors: int, ahead: float) -> None:
    if abs(face[1][0] - face[0][0]) < 16:
        return
    for floor in range(floors):
        for column in range(4):
            low, left = (floor + 0.35) / (floors + 0.3), (column + 0.25) / 4
            window = inset(face, left, left + 0.12, low, low + 0.45 / (floors + 0.3))
            lit = canvas.scene.light.lamps and rng.random() < 0.35
            canvas.fill(window, (214, 176, 112) if lit else canvas.shade((64, 76, 90), ahead))


def _draw_barriers(canvas: Canvas) -> None:
    at, edge = canvas.scene.camera.at, canvas.scene.half_width + 1.5
    nearest = canvas.scene.camera.nearest * 0.7
    for i in range(45, -1, -1):
        near, far = nearest + 2.5 * i, nearest + 2.5 * (i + 1)
        for across in (-edge, edge):
            post = (at(across - 0.07, 0, far), at(across + 0.07, 0, far), at(across + 0.07, 0.6, far))
            canvas.fill((*post, at(across - 0.07, 0.6, far)), canvas.shade((110, 112, 114), far))
            for low, high, grey in ((0.42, 0.58, 150), (0.58, 0.78, 186)):
                rail = at(across, low, near), at(across, low, far), at(across, high, far), at(across, high, near)
                canvas.fill(rail, canvas.shade((grey, grey, grey + 4), near))


def _draw_street_lamps(canvas: Canvas, side: int) -> None:
    at, foot = canvas.scene.camera.at, side * (canvas.scene.half_width + 2.2)
    head = foot - side * 2.2
    for ahead in (94.0, 72.0, 50.0, 28.0):
        width = canvas.scene.camera.focal / ahead
        canvas.light_up((head, ahead), 6.0, _WARM)
        pole = (at(foot - 0.09, 0, ahead), at(foot + 0.09, 0, ahead), at(foot + 0.06, 8, ahead))
        canvas.fill((*pole, at(foot - 0.06, 8, ahead)), canvas.shade((104, 108, 112), ahead))
        arm = (at(foot, 8, ahead), at(head, 8.3, ahead), at(head, 8.15, ahead), at(foot, 7.8, ahead))
        canvas.fill(arm, canvas.shade((104, 108, 112), ahead))
        canvas.glow(at(head, 8.1, ahead), (0.5 * width, 0.22 * width), _WARM, 1.0)
