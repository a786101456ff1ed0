"""Draw pictures of a few places of the demonstration, each marked as a drawing in the picture and in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from PIL import Image, ImageDraw, ImageFont

from booking.formats.pictures import MEDIA_TYPE, save_small
from booking.models import Photo

SIZE = (640, 480)
_FINER = 2
_INK, _FLOOR, _INSIDE, _WOOD, _SKIN = "#2b2233", "#d9c7a8", "#f4ecdf", "#a9794a", "#c98f6b"
_GRASS, _SKY, _GLASS, _PURPLE, _WHITE = "#9cc08b", "#cfe4f2", "#b8d6e6", "#5b2a6e", "#ffffff"


@dataclass(frozen=True)
class Look:
    """What a place looks like, and what each of its drawings shows in words."""

    wall: str
    roof: str
    door: str
    has_cowls: bool
    has_fence: bool
    words: tuple[str, str, str, str, str, str]


LOOKS: Mapping[str, Look] = MappingProxyType(
    {
        "ASH1": Look("#b5654a", "#7a3b2e", "#3d6f8e", True, False, (
            "A drawing of the outside: a long brick building with two white cowls on the roof.",
            "A drawing of the door: it is blue, wide and level, and opens by itself.",
            "A drawing of the person who says hello, at a table with a purple cloth.",
            "A drawing of our room: chairs in a half circle and a large window.",
            "A drawing of the accessible toilet: a wide door with a sign, across the corridor.",
            "A drawing of the quiet room: soft chairs, a lamp and a plant.",
        )),
        "CAN1": Look("#efe3c8", "#8a5a44", "#f2b632", False, True, (
            "A drawing of the outside: a small house with a fenced garden.",
            "A drawing of the door: it is yellow, with a bell on the right. It stays shut.",
            "A drawing of the person who says hello, at a table behind the door.",
            "A drawing of our room: chairs in a half circle and a window to the garden.",
            "A drawing of the toilet: a wide door with a sign, at the end of the corridor.",
            "A drawing of the quiet corner: a soft chair, a lamp and a plant.",
        )),
        "SEV2": Look("#d8d3cc", "#56606b", "#7a4f8a", False, True, (
            "A drawing of the outside: a grey house behind a fence.",
            "A drawing of the door: it is purple, with a bell on the right. It stays shut.",
            "A drawing of the person who says hello, at a table behind the door.",
            "A drawing of our room: chairs in a half circle and a window with a blind.",
            "A drawing of the toilet: a wide door with a sign.",
            "A drawing of the quiet corner: a soft chair, a lamp and a plant.",
        )),
    }
)  # fmt: skip


def draw_photos(code: str) -> list[Photo]:
    """Return the drawings of a place in their order; of most places there are none."""
    look = LOOKS.get(code)
    if look is None:
        return []
    drawn = [(save_small(_draw(scene, look)), fact_code) for scene, fact_code in _SCENES]
    return [
        Photo(
            position=position,
            alt=words,
            fact_code=fact_code,
            digest=picture.digest,
            media_type=MEDIA_TYPE,
            width=picture.width,
            height=picture.height,
            image=picture.image,
        )
        for position, ((picture, fact_code), words) in enumerate(zip(drawn, look.words, strict=True))
    ]


class Pen:
    """Draws on a sheet of 640 by 480, finer than it is shown, so that edges are smooth."""

    def __init__(self, background: str) -> None:
        self.image = Image.new("RGB", (SIZE[0] * _FINER, SIZE[1] * _FINER), background)
        self._draw = ImageDraw.Draw(self.image)

    def box(self, *edges: float, fill: str, round_by: int = 0, outline: str | None = None) -> None:
        """Fill a rectangle given as left, top, right, bottom."""
        self._draw.rounded_rectangle(_finer(edges), round_by * _FINER, fill=fill, outline=outline, width=3 * _FINER)

    def oval(self, *edges: float, fill: str) -> None:
        """Fill an oval given by the box around it."""
        self._draw.ellipse(_finer(edges), fill=fill)

    def shape(self, *corners: float, fill: str) -> None:
        """Fill a shape given by its corners, x and y in turn."""
        self._draw.polygon(_finer(corners), fill=fill)

    def line(self, *points: float, width: int = 4, fill: str = _INK) -> None:
        """Draw a line through points, x and y in turn."""
        self._draw.line(_finer(points), fill=fill, width=width * _FINER)

    def write(self, x: float, y: float, text: str, *, size: int = 28, fill: str = _INK) -> None:
        """Write a word with its middle at a point."""
        font = ImageFont.load_default(size * _FINER)
        self._draw.text((x * _FINER, y * _FINER), text, font=font, fill=fill, anchor="mm")


def _finer(numbers: tuple[float, ...]) -> list[float]:
    return [number * _FINER for number in numbers]


def _draw(scene: Callable[[Pen, Look], None], look: Look) -> Image.Image:
    pen = Pen(_INSIDE)
    scene(pen, look)
    pen.box(16, 428, 136, 464, fill=_WHITE, round_by=8, outline=_INK)
    pen.write(76, 446, "Drawing", size=24)
    return pen.image.resize(SIZE, Image.Resampling.LANCZOS)


def _outside(pen: Pen, look: Look) -> None:
    pen.box(0, 0, 640, 330, fill=_SKY)
    pen.box(0, 330, 640, 480, fill=_GRASS)
    if look.has_cowls:
        for x in (170, 450):
            pen.shape(x - 22, 150, x + 22, 150, x + 6, 70, x - 6, 70, fill=_WHITE)
    pen.shape(60, 190, 580, 190, 530, 120, 110, 120, fill=look.roof)
    pen.box(80, 190, 560, 350, fill=look.wall)
    for x in (120, 200, 390, 470):
        pen.box(x, 225, x + 56, 290, fill=_GLASS, outline=_WHITE)
    pen.box(285, 235, 355, 350, fill=look.door, outline=_WHITE)
    pen.shape(290, 350, 350, 350, 420, 480, 220, 480, fill="#cfc6ba")
    if look.has_fence:
        for x in (*range(10, 250, 24), *range(400, 640, 24)):
            pen.box(x, 350, x + 10, 410, fill=_WOOD)
        for left, right in ((0, 244), (396, 640)):
            pen.box(left, 366, right, 374, fill=_WOOD)


def _door(pen: Pen, look: Look) -> None:
    pen.box(0, 0, 640, 400, fill=look.wall)
    pen.box(0, 400, 640, 480, fill="#cfc6ba")
    pen.box(210, 60, 430, 402, fill=_WHITE)
    pen.box(224, 74, 416, 402, fill=look.door)
    pen.box(252, 104, 388, 220, fill=_GLASS)
    pen.box(384, 250, 398, 310, fill=_WHITE, round_by=6)
    if look.has_fence:
        pen.box(462, 236, 502, 286, fill=_WHITE, round_by=6, outline=_INK)
        pen.oval(472, 250, 492, 270, fill=_INK)
    else:
        pen.line(320, 104, 320, 402, width=4, fill=_WHITE)
    pen.box(236, 392, 404, 402, fill="#8d8478")


def _greeter(pen: Pen, look: Look) -> None:
    pen.box(0, 380, 640, 480, fill=_FLOOR)
    pen.box(60, 60, 190, 380, fill=look.door)
    pen.oval(360, 110, 430, 184, fill=_SKIN)
    pen.shape(360, 140, 430, 140, 424, 112, 394, 100, 366, 112, fill=_INK)
    pen.box(335, 184, 455, 330, fill="#3f7d5c", round_by=24)
    pen.box(372, 182, 420, 200, fill="#9a6bb0", round_by=6)
    pen.oval(380, 148, 386, 156, fill=_INK)
    pen.oval(404, 148, 410, 156, fill=_INK)
    pen.line(384, 166, 394, 172, 406, 166, width=3)
    pen.box(260, 300, 540, 420, fill=_PURPLE, round_by=6)
    pen.box(280, 250, 340, 300, fill=_WHITE, outline=_INK)
    pen.write(310, 275, "Hello", size=20)


def _room(pen: Pen, look: Look) -> None:
    pen.box(0, 300, 640, 480, fill=_FLOOR)
    pen.box(200, 50, 440, 190, fill=_GLASS, outline=_WHITE)
    pen.line(320, 50, 320, 190, fill=_WHITE)
    pen.box(40, 70, 140, 300, fill=look.door)
    pen.oval(250, 300, 390, 350, fill=_WOOD)
    for x, y in ((110, 300), (190, 356), (300, 384), (410, 356), (490, 300)):
        pen.box(x, y - 44, x + 50, y + 10, fill=_PURPLE, round_by=8)
        pen.box(x - 4, y + 4, x + 54, y + 22, fill="#7a4a8d", round_by=6)
        for leg in (x + 2, x + 42):
            pen.box(leg, y + 22, leg + 6, y + 48, fill=_INK)


def _toilet(pen: Pen, look: Look) -> None:
    pen.box(0, 390, 640, 480, fill=_FLOOR)
    pen.box(190, 50, 450, 392, fill=_WHITE)
    pen.box(204, 64, 436, 392, fill=look.door)
    pen.box(404, 240, 420, 290, fill=_WHITE, round_by=6)
    pen.box(260, 100, 380, 220, fill=_WHITE, round_by=12, outline=_INK)
    pen.oval(306, 112, 326, 132, fill=_INK)
    pen.line(316, 134, 318, 168, 350, 168, 360, 200, width=8)
    pen.line(317, 148, 346, 148, width=7)
    for radius in (38, 37, 36, 35, 34):
        pen.line(*_round(314, 176, radius), width=2)
    pen.write(540, 120, "Toilet", size=32)


def _round(x: float, y: float, radius: float) -> tuple[float, ...]:
    """Return points on the open wheel of the sign, from the seat round to the foot."""
    around = ((-0.3, -0.75), (-0.75, -0.35), (-0.85, 0.1), (-0.6, 0.6), (-0.1, 0.85), (0.4, 0.75), (0.75, 0.4))
    return tuple(value for dx, dy in around for value in (x + dx * radius, y + dy * radius))


def _quiet(pen: Pen, _look: Look) -> None:
    pen.box(0, 0, 640, 480, fill="#e6e3ee")
    pen.box(0, 370, 640, 480, fill="#c9b99c")
    pen.oval(150, 390, 520, 460, fill="#a99bbd")
    pen.box(230, 190, 430, 370, fill="#6d8f7a", round_by=40)
    pen.box(200, 270, 260, 400, fill="#5b7b68", round_by=24)
    pen.box(400, 270, 460, 400, fill="#5b7b68", round_by=24)
    pen.box(250, 310, 410, 400, fill="#86a892", round_by=18)
    pen.line(530, 150, 530, 400, width=6)
    pen.shape(490, 150, 570, 150, 552, 90, 508, 90, fill="#ffd98a")
    pen.box(90, 330, 150, 400, fill=_WOOD, round_by=6)
    for tip in ((70, 220), (100, 190), (130, 185), (160, 220)):
        pen.line(120, 332, *tip, width=10, fill="#4f8a5b")


_SCENES = (
    (_outside, ""),
    (_door, "step_free_route"),
    (_greeter, ""),
    (_room, ""),
    (_toilet, "accessible_toilet"),
    (_quiet, "quiet_room"),
)
"""What is drawn, and the fact that it shows."""
