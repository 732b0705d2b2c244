"""Texts to vectors, so that texts of like meaning lie near each other. Which embedder serves a language is a setting.

Nothing is downloaded, and no model is loaded before its first text: that is after gunicorn has forked its workers.
"""

from forum.search.embedders.base import Embedder, EmbedderUnavailable
from forum.search.embedders.choice import embedder_for, parse_setting

__all__ = ["Embedder", "EmbedderUnavailable", "embedder_for", "parse_setting"]
