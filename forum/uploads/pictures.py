"""What somebody uploads as an image, made into a picture that holds nothing but its pixels."""

from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 2000
LONGEST_THUMBNAIL_SIDE = 320
# What stands behind `ftyp` in the pictures of iPhones, ISO/IEC 23008-12.
HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
SRGB = ImageCms.createProfile("sRGB")

TOO_MANY_BYTES = _("This file is larger than 10 MB. Please choose a smaller one, or a screenshot of it.")
TOO_MANY_PIXELS = _("This image has more than 50 megapixels. Please choose a smaller one, or a screenshot of it.")
HEIC = _(
    "This is a HEIC image, which most browsers cannot show. Please choose a screenshot of it instead. (An iPhone takes "
    "JPEG photos once “Most Compatible” is chosen under Settings, Camera, Formats.)"
)
NOT_AN_IMAGE = _("This file is not an image that we can show. Please choose a JPEG, PNG or WebP image.")
DAMAGED = _("This image is damaged or incomplete. Please take or save it again.")


class PictureRefused(Exception):
    """The file cannot be taken; the message says why, and what to do, in plain words."""


@dataclass(frozen=True)
class Picture:
    """A JPEG in sRGB without any metadata, the right way up, and a small one of it; width and height in pixels."""

    full: bytes
    thumbnail: bytes
    width: int
    height: int


def fitted(width: int, height: int, longest: int) -> tuple[int, int]:
    """The size that this one is scaled down to, so that no side is longer, and none shorter than a pixel."""
    scale = min(1, longest / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def read_picture(file: BinaryIO) -> Picture:
    """Decode a JPEG, PNG or WebP file of unknown origin and encode its pixels anew. Raises PictureRefused.

    Of several frames the first counts. Whether it has too many pixels is read from its header, before any is decoded.
    """
    image = _opened(file)
    try:
        image = _flat(ImageOps.exif_transpose(_scaled(image)))
        small = image.resize(fitted(*image.size, LONGEST_THUMBNAIL_SIDE), Image.Resampling.LANCZOS, reducing_gap=2)
        return Picture(_encoded(image), _encoded(small), *image.size)
    except Exception as error:  # whatever the decoders make of a broken or hostile file
        raise PictureRefused(DAMAGED) from error


def _opened(file: BinaryIO) -> Image.Image:
    file.seek(0, 2)
    if file.tell() > MOST_BYTES:
        raise PictureRefused(TOO_MANY_BYTES)
    file.seek(0)
    beginning = file.read(12)
    if beginning[4:8] == b"ftyp" and beginning[8:12] in HEIC_BRANDS:
        raise PictureRefused(HEIC)
    file.seek(0)
    try:
        image = Image.open(file, formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise PictureRefused(TOO_MANY_PIXELS) from error
    except Exception as error:
        raise PictureRefused(NOT_AN_IMAGE) from error
    if image.width * image.height > MOST_PIXELS:
        raise PictureRefused(TOO_MANY_PIXELS)
    return image


def _scaled(image: Image.Image) -> Image.Image:
    """The image loaded and scaled down, with what the file says of its orientation and colours."""
    image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is decoded to what is needed, which saves most memory
    image.load()
    if image.mode in ("1", "P", "PA"):
        colours = image.convert("RGBA" if image.has_transparency_data else "RGB")
        colours.info |= image.info
        image = colours
    if max(image.size) > LONGEST_SIDE:
        scaled = image.resize(fitted(*image.size, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=2)
        scaled.info |= image.info
        image = scaled
    return image


def _flat(image: Image.Image) -> Image.Image:
    """Red, green and blue as sRGB means them, on white where it was transparent: a new image, nothing else known."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):
        image = image.point(lambda value: value / 256).convert("L")  # 16 bits of grey
    if image.has_transparency_data:
        transparent = image.convert("RGBA")
        image = Image.new("RGB", image.size, "white")
        image.paste(transparent, mask=transparent.getchannel("A"))
    flat = Image.new("RGB", image.size)
    flat.paste(_in_srgb(image, profile))
    return flat


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        try:
            given = ImageCms.ImageCmsProfile(BytesIO(profile))
            return ImageCms.profileToProfile(image, given, SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a profile that is broken or of another kind of image: the colours are taken as they stand
    return image.convert("RGB")


def _encoded(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=85, optimize=True, progressive=True)
    return out.getvalue()
