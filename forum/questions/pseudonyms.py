"""The names that are offered to patients, and the names a patient has used before."""

import hashlib
import hmac
import unicodedata

from django.conf import settings
from django.db import connection

from accounts.models import User
from forum.questions.models import Question, State

WORDS = """
    Maple Willow Cedar Birch Linden Hazel Olive Aspen Juniper Laurel Rowan Alder Fern Clover Sage Thyme Basil Mint
    Iris Lotus Lily Aster Poppy Marigold Jasmine Camellia Heather Violet River Meadow Harbour Island Valley Pebble
    Amber Coral Pearl Slate Cloud Breeze Rain Snow Dawn Dusk Comet Lantern Compass Kite Anchor Feather
"""
NUMBERS = 9000
NAMES = len(WORDS.split()) * NUMBERS
HALF = 1024  # the names are shuffled among HALF * HALF places, of which those beyond NAMES are passed over
ROUNDS = 4
# Where nothing may be written (an admin looks at the form through other eyes) no name is given away: any will do.
NEXT = """
    SELECT CASE WHEN current_setting('transaction_read_only')::boolean THEN floor(random() * 1000000000)::bigint
    ELSE nextval('questions_pseudonym') END
"""


def suggest_pseudonym() -> str:
    """A neutral name that no question has and that was offered to nobody else, at the same moment or ever.

    Only once all 450,000 have been offered do those that nobody took come again.
    """
    while True:
        # A sequence gives each number once, to however many ask; nothing else changes.
        with connection.cursor() as cursor:
            cursor.execute(NEXT)
            (number,) = cursor.fetchone()
        word, rest = divmod(shuffled(number % NAMES), NUMBERS)
        name = f"{WORDS.split()[word]} {rest + 1000}"
        if not Question.objects.filter(pseudonym=name).exists():
            return name


def shuffled(number: int) -> int:
    """Another number below NAMES for each: a Feistel network, so that no name tells which was offered before it."""
    while True:
        left, right = divmod(number, HALF)
        for turn in range(ROUNDS):
            left, right = right, left ^ _mixed(turn, right)
        number = left * HALF + right
        if number < NAMES:
            return number


def _mixed(turn: int, half: int) -> int:
    digest = hmac.new(f"pseudonym:{settings.SECRET_KEY}".encode(), f"{turn}:{half}".encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:2]) % HALF


def has_used(asker: User, name: str) -> bool:
    """Whether a question of this account that is public, or may be, carries the name as a reader would see it."""
    asked = Question.objects.filter(asker=asker).exclude(state__in=[State.WITHDRAWN, State.DECLINED])
    return bool(name) and _seen(name) in {_seen(used) for used in asked.values_list("pseudonym", flat=True)}


def _seen(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
