"""What becomes of an uploaded file before anybody sees it."""

from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from forum.uploads import pictures
from forum.uploads.pictures import PictureRefused, fitted, read_picture
from tests.pictures import camera_exif, encoded, halves, jpeg, png_of_size, red_and_green_swapped

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def taken(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(read_picture(BytesIO(data)).full))
    image.load()
    return image


def is_about(colour: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    """JPEG does not keep colours to the last bit."""
    return all(abs(one - other) <= 6 for one, other in zip(colour, wanted, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "MPO"])
def test_every_accepted_kind_becomes_a_plain_jpeg_with_a_thumbnail(kind):
    more = {"save_all": True, "append_images": [halves()]} if kind == "MPO" else {}
    picture = read_picture(BytesIO(encoded(halves((640, 480)), kind, **more)))

    full, small = (Image.open(BytesIO(data)) for data in (picture.full, picture.thumbnail))
    assert (full.format, full.mode, full.size, small.format, small.size) == (
        "JPEG",
        "RGB",
        (640, 480),
        "JPEG",
        (320, 240),
    )
    assert (picture.width, picture.height) == (640, 480)
    assert is_about(full.getpixel((10, 10)), RED)
    assert is_about(small.getpixel((310, 10)), BLUE)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_but_the_pixels_survives(kind):
    words = b"SECRET-WORDS"
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", words.decode())
    options = {
        "JPEG": {"comment": words + b"<script>alert(1)</script>", "xmp": b"<x>" + words + b"</x>"},
        "PNG": {"pnginfo": texts},
        "WEBP": {"xmp": b"<x>" + words + b"</x>"},
    }[kind]
    data = encoded(halves(), kind, exif=camera_exif(), icc_profile=red_and_green_swapped(), dpi=(299, 299), **options)
    assert words in data

    picture = read_picture(BytesIO(data + words))

    for clean in (picture.full, picture.thumbnail):
        assert words not in clean
        assert b"SecretPhone" not in clean
        image = Image.open(BytesIO(clean))
        assert set(image.info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
        assert image.info["jfif_density"] == (1, 1)
        assert dict(image.getexif()) == {}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_an_image_lying_on_its_side_is_put_upright(kind):
    image = taken(encoded(halves((64, 48)), kind, exif=camera_exif(orientation=6)))

    assert image.size == (48, 64)
    assert is_about(image.getpixel((24, 4)), RED)
    assert is_about(image.getpixel((24, 60)), BLUE)


@pytest.mark.parametrize(
    ("size", "full"), [((4000, 3000), (2000, 1500)), ((3000, 4000), (1500, 2000)), ((5000, 1), (2000, 1))]
)
def test_a_large_image_is_scaled_down(size, full):
    picture = read_picture(BytesIO(jpeg(size=size)))

    assert (picture.width, picture.height) == full
    assert Image.open(BytesIO(picture.thumbnail)).size == fitted(*full, 320)


def test_colours_are_those_that_the_profile_means():
    assert is_about(taken(jpeg(colour="red", icc_profile=red_and_green_swapped())).getpixel((9, 9)), GREEN)
    assert is_about(taken(jpeg(colour="red", icc_profile=b"no profile at all")).getpixel((9, 9)), RED)


def palette_with_transparency() -> bytes:
    image = Image.new("P", (64, 48), 0)
    image.putpalette([255, 0, 0, 0, 255, 0])
    image.paste(1, (32, 0, 64, 48))
    return encoded(image, "PNG", transparency=0)


@pytest.mark.parametrize(
    ("data", "left", "right"),
    [
        (encoded(halves().convert("CMYK")), RED, BLUE),
        (encoded(Image.new("I;16", (64, 48), 32768), "PNG"), (128, 128, 128), (128, 128, 128)),
        (palette_with_transparency(), WHITE, GREEN),
        (encoded(Image.new("RGBA", (64, 48), (0, 0, 0, 0)), "PNG"), WHITE, WHITE),
        (encoded(Image.new("LA", (64, 48), (0, 0)), "PNG"), WHITE, WHITE),
        (encoded(Image.new("1", (64, 48), 1), "PNG"), WHITE, WHITE),
        (encoded(Image.new("L", (64, 48), 77)), (77, 77, 77), (77, 77, 77)),
    ],
    ids=["CMYK", "16 bit", "palette", "RGBA", "grey with alpha", "black and white", "grey"],
)
def test_every_kind_of_colour_is_shown_as_it_was_meant(data, left, right):
    image = taken(data)

    assert image.mode == "RGB"
    assert is_about(image.getpixel((5, 20)), left)
    assert is_about(image.getpixel((58, 20)), right)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_an_animation_the_first_frame_counts(kind):
    frames = [Image.new("RGB", (64, 48), colour) for colour in ("red", "blue")]

    assert is_about(taken(encoded(frames[0], kind, save_all=True, append_images=frames[1:])).getpixel((9, 9)), RED)


def refusal(data: bytes) -> str:
    with pytest.raises(PictureRefused) as refused:
        read_picture(BytesIO(data))
    return str(refused.value)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"only words, in a file that is called photo.jpg", pictures.NOT_AN_IMAGE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", pictures.NOT_AN_IMAGE),
        (encoded(halves(), "GIF"), pictures.NOT_AN_IMAGE),
        (encoded(halves(), "TIFF"), pictures.NOT_AN_IMAGE),
        (jpeg()[:40], pictures.NOT_AN_IMAGE),
        (encoded(halves((640, 480)))[:2000], pictures.DAMAGED),
        (encoded(Image.effect_noise((200, 200), 90), "PNG")[:9000], pictures.DAMAGED),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 99, pictures.HEIC),
        (png_of_size(60_000, 60_000), pictures.TOO_MANY_PIXELS),
        (png_of_size(10_000, 5_001), pictures.TOO_MANY_PIXELS),
        (jpeg() + b"\0" * 10 * 1024 * 1024, pictures.TOO_MANY_BYTES),
    ],
    ids=["text", "SVG", "GIF", "TIFF", "header only", "cut JPEG", "cut PNG", "HEIC", "bomb", "many pixels", "bytes"],
)
def test_what_is_no_image_of_ours_is_refused_in_words(data, words):
    assert refusal(data) == str(words)


def test_too_many_pixels_are_refused_before_one_is_decoded(monkeypatch):
    monkeypatch.setattr(Image.Image, "load", None)
    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", None)

    assert refusal(png_of_size(10_000, 5_001)) == str(pictures.TOO_MANY_PIXELS)


def test_a_page_hidden_in_an_image_is_gone():
    page = b"<html><script>alert(document.cookie)</script></html>"

    assert b"<html>" not in read_picture(BytesIO(jpeg(comment=page) + page)).full
