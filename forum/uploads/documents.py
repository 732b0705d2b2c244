"""A document that somebody uploads: an image, made into a picture, or a PDF, which nobody renders here."""

from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from forum.uploads.pictures import MOST_BYTES, NOT_AN_IMAGE, TOO_MANY_BYTES, PictureRefused, read_picture

PDF = b"%PDF-"
PDF_END = b"%%EOF"
# Where the mark of the end stands, at the farthest: readers of PDF look no further (ISO 32000-1, annex H).
LAST = 1024
CUT_OFF = _("This PDF is incomplete. Please save it again, or send a photo of the document.")
NEITHER = _("This file is neither an image nor a PDF. Please choose a JPEG, PNG or WebP image or a PDF.")


def read_document(file: BinaryIO) -> tuple[bytes, str]:
    """The file and its kind, `jpg` or `pdf`: what it begins with counts, not its name. Raises PictureRefused.

    A PDF is kept as it came. It may hold scripts: whoever hands it out does so for download alone.
    """
    file.seek(0)
    beginning = file.read(len(PDF))
    if beginning == PDF:
        return _pdf(file), "pdf"
    try:
        return read_picture(file).full, "jpg"
    except PictureRefused as refusal:
        raise PictureRefused(NEITHER if refusal.args[0] == NOT_AN_IMAGE else refusal.args[0]) from refusal


def _pdf(file: BinaryIO) -> bytes:
    file.seek(0, 2)
    if file.tell() > MOST_BYTES:
        raise PictureRefused(TOO_MANY_BYTES)
    file.seek(0)
    content = file.read()
    if PDF_END not in content[-LAST:]:
        raise PictureRefused(CUT_OFF)
    return content
