"""Who may do what with More Info. The same predicates serve views, templates and tests."""

from accounts.permissions import is_admin
from forum.articles.models import Article
from forum.questions.permissions import can_work_on_question


def can_review_article(user, article: Article) -> bool:
    """Any working doctor of its specialty, whoever has written or signed it."""
    return can_work_on_question(user, article.question)


def can_see_article_revisions(user, article: Article) -> bool:
    """What it said before is for admins and the doctors of its specialty."""
    return is_admin(user) or can_work_on_question(user, article.question)
