from forum.articles.models.article import Article, ArticleEvent
from forum.articles.models.machine_draft import DraftState, MachineDraft
from forum.articles.models.source_link import Outcome, SourceLink

__all__ = ["Article", "ArticleEvent", "DraftState", "MachineDraft", "Outcome", "SourceLink"]
