"""Which specialty a text belongs to, learned in the background from the published threads (`method` says how)."""

from forum.search.suggesting.suggestion import Suggestion, suggest_specialties

__all__ = ["Suggestion", "suggest_specialties"]
