import secrets

from forum.questions.models import Question

WORDS = """
    Maple Willow Cedar Birch Linden Hazel Olive Aspen Juniper Laurel Rowan Alder Fern Clover Sage Thyme Basil Mint
    Iris Lotus Lily Aster Poppy Marigold Jasmine Camellia Heather Violet River Meadow Harbour Island Valley Pebble
    Amber Coral Pearl Slate Cloud Breeze Rain Snow Dawn Dusk Comet Lantern Compass Kite Anchor Feather
"""


def suggest_pseudonym() -> str:
    """A neutral name that no question has yet, so that two questions of one person never carry the same one."""
    while True:
        name = f"{secrets.choice(WORDS.split())} {secrets.randbelow(9000) + 1000}"
        if not Question.objects.filter(pseudonym=name).exists():
            return name
