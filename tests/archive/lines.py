"""Archive lines to try: a whole thread, changed where a test wants it."""

import json
from typing import Any


def thread(**changes: Any) -> dict[str, Any]:
    """A thread with a value for every key of the format."""
    return {
        "id": "sample-1",
        "lang": "en",
        "specialty": "Neurology",
        "title": "Tingling toes after long walks",
        "question": {
            "title": "My toes tingle",
            "text": "My toes tingle after an hour of walking. Should I worry?",
            "date": "2024-02-28",
            "asker": {"name": "Walker", "age_from": 30, "age_to": 39, "sex": "female"},
        },
        "replies": [
            {"doctor": "Ada Sample", "specialty": "Neurology", "text": "Try wider shoes first.", "date": "2024-02-29"},
            {"doctor": None, "specialty": "Family Medicine", "text": "I agree.", "date": None},
        ],
        "more_info": {
            "text": "## Causes\n\n1. **Shoes**: too tight",
            "sources": [{"title": "Feet", "url": "https://example.org/feet"}],
        },
        "topics": ["Tingling", "Feet"],
        **changes,
    }


def least(**changes: Any) -> dict[str, Any]:
    """A thread with the required keys alone."""
    return {
        "id": "least-1",
        "specialty": "Neurology",
        "question": {"text": "Is a twitching eyelid harmless? It started on Monday."},
        "replies": [{"text": "Nearly always."}],
        **changes,
    }


def question(**changes: Any) -> dict[str, Any]:
    return thread()["question"] | changes


def asker(**changes: Any) -> dict[str, Any]:
    """The question of a thread whose asker is like this."""
    return question(asker=changes)


def reply(**changes: Any) -> dict[str, Any]:
    return thread()["replies"][0] | changes


def line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
