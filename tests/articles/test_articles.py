from datetime import date

import pytest
from django.db import IntegrityError
from django.utils import timezone

from forum.articles.models import Article
from forum.articles.templatetags.articles import article_html, rendered_markdown
from tests.factories import ArticleFactory, DoctorFactory, QuestionFactory

pytestmark = pytest.mark.django_db


def test_written_makes_the_markup_of_the_text_and_saves_nothing():
    article = Article.written(question=QuestionFactory(), text="# Causes\n\n<b>x</b>", sources=[])

    assert article.html == "<h2>Causes</h2>\n<p>&lt;b&gt;x&lt;/b&gt;</p>\n"
    assert not Article.objects.exists()


def test_sign_takes_responsibility_as_of_today():
    article, doctor = ArticleFactory(machine_drafted=False), DoctorFactory()

    article.sign(by=doctor)
    article.save()

    saved = Article.objects.get()
    assert (saved.signed_by, saved.reviewed_on) == (doctor, timezone.localdate())
    assert timezone.localdate(saved.signed_at) == timezone.localdate()


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("article_has_text", {"text": ""}),
        ("article_signed_at_with_by", {"signed": True, "signed_by": None, "reviewed_on": None}),
        ("article_signed_at_with_by", {"signed": True, "signed_at": None}),
        ("article_reviewed_on_with_by", {"reviewed_on": date(2024, 2, 3)}),
        ("article_reviewed_on_with_by", {"signed": True, "reviewed_on": None}),
        ("article_machine_drafted_only_signed", {"machine_drafted": True}),
    ],
)
def test_article_that_cannot_be_is_refused_by_the_database(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        ArticleFactory(**fields)


def test_article_of_a_machine_cannot_lose_its_signature():
    ArticleFactory(machine_drafted=True, signed=True)

    with pytest.raises(IntegrityError, match="article_machine_drafted_only_signed"):
        Article.objects.update(signed_at=None, signed_by=None)


@pytest.mark.parametrize("fields", [{}, {"signed": True}, {"machine_drafted": True, "signed": True}])
def test_article_of_a_doctor_or_signed_by_one_is_taken(fields):
    assert ArticleFactory(**fields).pk is not None


def test_article_is_one_a_thread():
    article = ArticleFactory()

    with pytest.raises(IntegrityError, match="question_id"):
        ArticleFactory(question=article.question)


def test_doctor_who_signed_an_article_cannot_be_deleted():
    article = ArticleFactory(signed=True)

    with pytest.raises(IntegrityError):
        article.signed_by.delete()


def test_article_html_is_what_was_made_of_the_text_when_it_was_written():
    assert article_html(ArticleFactory(html="<p>made then</p>")) == "<p>made then</p>"


def test_rendered_markdown_is_safe_whatever_is_typed():
    assert str(rendered_markdown("<script>")) == "<p>&lt;script&gt;</p>\n"
