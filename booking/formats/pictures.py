"""Make a small, clean picture of whatever was uploaded: only its pixels are kept, never its bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from io import BytesIO

from flask_babel import gettext as _
from PIL import Image, ImageOps

from booking.errors import Refusal

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 50_000_000
"""What a good phone makes. A file of few bytes can hold far more, to fill a server's memory."""
LEAST_SIDE = 200
LONGEST_TO_SHORTEST = 4
BOX = (960, 1280)
AIM = 80 * 1024
MEDIA_TYPE = "image/jpeg"
"""The one kind of picture that every phone still in use can show."""
_TAKEN = ("JPEG", "PNG", "WEBP")
_QUALITIES = (82, 74, 66, 58, 50)
_PAPER = (255, 255, 255)
_FIELD = "photo"


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A JPEG of ours. `digest` is the SHA-256 of `image`; `width` and `height` are pixels."""

    image: bytes
    width: int
    height: int

    @property
    def digest(self) -> str:
        """Return what the picture is called: the same pixels have the same name."""
        return hashlib.sha256(self.image).hexdigest()


def make_picture(upload: bytes) -> Picture:
    """Make our picture of a JPEG, PNG or WebP file. Raise Refusal, saying what to do, for anything else."""
    if not upload:
        raise Refusal(_("This file is empty. Choose another picture."), field=_FIELD)
    if len(upload) > MOST_BYTES:
        raise Refusal(_("This picture is too large. Choose one of 8 MB or less."), field=_FIELD)
    return save_small(_pixels_of(upload))


def save_small(image: Image.Image) -> Picture:
    """Save pixels as a JPEG that is light on a phone: coarser first, then smaller, until it is."""
    image = _only_pixels(image.convert("RGB"))
    image.thumbnail(BOX, Image.Resampling.LANCZOS)
    for quality in _QUALITIES:
        if len(body := _jpeg(image, quality)) <= AIM:
            break
    while len(body) > AIM:
        image = image.resize((max(image.width * 4 // 5, 1), max(image.height * 4 // 5, 1)), Image.Resampling.LANCZOS)
        body = _jpeg(image, _QUALITIES[-1])
    return Picture(image=body, width=image.width, height=image.height)


def _pixels_of(upload: bytes) -> Image.Image:
    """Return the pixels the right way up, on white, and nothing else of the file."""
    try:
        with Image.open(BytesIO(upload), formats=_TAKEN) as image:
            _check_size(image.size)
            image.draft("RGB", (BOX[1] * 2, BOX[1] * 2))
            image.load()
            upright = ImageOps.exif_transpose(image)
            return _on_paper(upright)
    except Refusal:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except Exception as error:  # a decoder fed with garbage may raise anything; all of it means the same
        raise Refusal(
            _("We cannot read this file as a picture. Choose a photo that ends in .jpg, .png or .webp."), field=_FIELD
        ) from error


def _check_size(size: tuple[int, int]) -> None:
    """Look at what the file says of itself before its pixels are made."""
    if size[0] * size[1] > MOST_PIXELS:
        raise _too_many_pixels()
    if min(size) < LEAST_SIDE:
        raise Refusal(
            _("This picture is too small to show anything. It needs 200 dots each way, or more."), field=_FIELD
        )
    if max(size) > LONGEST_TO_SHORTEST * min(size):
        raise Refusal(_("This picture is too long and thin to show on a phone. Cut it first."), field=_FIELD)


def _too_many_pixels() -> Refusal:
    return Refusal(_("This picture has too many dots. Make it smaller first, or choose another."), field=_FIELD)


def _on_paper(image: Image.Image) -> Image.Image:
    """Put what can be seen through on white."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    seen = image.convert("RGBA")
    paper = Image.new("RGBA", seen.size, (*_PAPER, 255))
    return Image.alpha_composite(paper, seen).convert("RGB")


def _only_pixels(image: Image.Image) -> Image.Image:
    """Leave behind what hangs on an image: Pillow would write the comment of the file it read into the new one."""
    clean = Image.new("RGB", image.size)
    clean.paste(image)
    return clean


def _jpeg(image: Image.Image, quality: int) -> bytes:
    file = BytesIO()
    image.save(file, "JPEG", quality=quality, optimize=True, progressive=True)
    return file.getvalue()
