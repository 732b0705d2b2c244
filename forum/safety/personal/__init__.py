"""Personal data in free text, English and Chinese in both scripts: where it stands and what may stand there instead.

Names of doctors, lines that anybody may call, doses, values, dates of symptoms and diseases named after people are left
alone. Every pattern is bounded, so that the time grows with the length of a text and no faster.
"""

from forum.safety.personal.finding import exact_ages, occurrences, personal_data
from forum.safety.personal.spans import Kind, Span, masked

__all__ = ["Kind", "Span", "exact_ages", "masked", "occurrences", "personal_data"]
