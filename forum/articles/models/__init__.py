from forum.articles.models.article import Article
from forum.articles.models.machine_draft import DraftState, MachineDraft
from forum.articles.models.source_link import Outcome, SourceLink

__all__ = ["Article", "DraftState", "MachineDraft", "Outcome", "SourceLink"]
