from django import template
from django.utils.safestring import SafeString, mark_safe

from forum.articles.models import Article
from forum.articles.rendering import render_markdown

register = template.Library()


@register.filter
def article_html(article: Article) -> SafeString:
    """The article as markup: what `render_markdown` made of its text when it was written."""
    return mark_safe(article.html)


@register.filter
def rendered_markdown(text: str) -> SafeString:
    """Markdown as safe markup."""
    return mark_safe(render_markdown(text))
