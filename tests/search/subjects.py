"""Threads that share a subject."""

from forum.questions.models import Question
from tests.factories import published_thread


def threads_about(name: str, specialty, number: int = 3, **fields) -> list[Question]:
    titles = [f"{name} at night?", f"What helps against {name}?", f"Is {name} dangerous?", f"My {name}"]
    return [
        published_thread(
            specialty=specialty,
            **{"public_title": title, "headline": title, "text": "How long?", "reply__text": f"Yes, {name}."} | fields,
        )
        for title in titles[:number]
    ]
