"""Who gets what from every address of the site."""

from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import resolve, reverse

from forum.questions.models import Question, State
from forum.specialties.models import SpecialtyRedirect
from tests.factories import FollowUpFactory, QuestionFactory, ReplyFactory, TopicFactory, published_thread
from tests.people import ROLES, make_cast

TOKEN = "the-token-of-the-asker"
NEVER = 987_654_321

# A 302 names the page it leads to; "sign-in" comes back to where one was.
TABLE = """
GET home -
GET specialties -
GET specialty there
GET specialty moved
GET specialty missing
GET specialty_feed there
GET specialty_feed missing
GET topic there
GET topic missing
GET doctors -
GET doctor there
GET doctor missing
GET doctor_photo there
GET doctor_photo missing
GET search -
GET latest_feed -
GET robots -
GET sitemap -
GET sitemap_part there
GET sitemap_part missing
GET healthz -
GET readyz -
GET ask -
GET thread published
GET thread old_slug
GET thread waiting
GET thread declined
GET thread withdrawn
GET thread hidden
GET thread merged
GET thread merged_into_hidden
GET thread missing
POST thread published
POST home -
POST specialty there
POST search -
POST latest_feed -
POST sitemap -
POST ask empty
POST ask question
GET status waiting
GET status missing
POST:withdraw status waiting
POST:withdraw status missing
POST:follow_up status published
POST:helped status published
POST:nonsense status waiting
GET my_questions -
POST my_questions -
GET my_question waiting
POST:withdraw my_question waiting
POST:follow_up my_question published
POST:helped my_question published
GET my_question missing
GET dashboard -
POST dashboard -
GET preview_article -
POST preview_article -
GET work_on_question waiting
GET work_on_question published
GET work_on_question declined
GET work_on_question withdrawn
GET work_on_question hidden
GET work_on_question merged
GET work_on_question missing
POST:save work_on_question waiting
POST:preview work_on_question waiting
POST:publish work_on_question waiting
POST:publish work_on_question published
POST:publish work_on_question withdrawn
POST:decline work_on_question waiting
POST:decline work_on_question withdrawn
POST:nonsense work_on_question waiting
GET answer_follow_up published
POST answer_follow_up published
POST answer_follow_up of_another_question
GET after_sign_in -
GET account_login -
GET account_logout -
POST account_logout -
GET account_inactive -
GET account_signup -
GET account_reauthenticate -
GET account_email -
GET account_email_verification_sent -
GET account_change_password -
GET account_set_password -
GET account_reset_password -
GET account_confirm_login_code -
GET account_confirm_email wrong_key
GET account_reset_password_from_key wrong_key
GET account_reset_password_from_key_done -
GET account_reset_password_done -
GET admin:index -
GET admin:login -
"""


def world() -> SimpleNamespace:
    cast = make_cast()
    asker, here = cast.users["asker"], cast.specialty
    ask = {"specialty": here, "asker": asker}
    published = published_thread(**ask, public_title="Twitching eyelids", token=TOKEN + "2")
    hidden = QuestionFactory(hidden=True, **ask)
    questions = {
        "published": published,
        "hidden": hidden,
        "waiting": QuestionFactory(**ask, token=TOKEN),
        "declined": QuestionFactory(declined=True, **ask),
        "withdrawn": QuestionFactory(withdrawn=True, **ask),
        "merged": QuestionFactory(state=State.MERGED, merged_into=published, **ask),
        "merged_into_hidden": QuestionFactory(state=State.MERGED, merged_into=hidden, **ask),
    }
    ReplyFactory(question=hidden)
    SpecialtyRedirect.objects.create(old_slug="nerves", specialty=here)
    doctor = cast.users["doctor"].doctor_profile
    doctor.photo = SimpleUploadedFile("face.png", b"a picture")
    doctor.save()
    return SimpleNamespace(
        cast=cast,
        doctor=doctor,
        questions=questions,
        topic=TopicFactory(specialty=here),
        follow_up=FollowUpFactory(question=published),
    )


def arguments(world: SimpleNamespace, name: str, which: str) -> dict:
    question = world.questions.get(which) or Question(pk=NEVER, headline="never")
    token = {"waiting": TOKEN, "published": TOKEN + "2"}.get(which, "the-token-of-nobody")
    slugs = {"specialty": "neurology", "specialty_feed": "neurology", "topic": world.topic.slug}
    if which == "old_slug":
        return {"question_id": world.questions["published"].pk, "slug": "an-old-title"}
    if which == "of_another_question":
        return {"question_id": world.questions["waiting"].pk, "follow_up_id": world.follow_up.pk}
    if which == "wrong_key":
        return {"key": "x-y"} | ({"uidb36": "zz"} if name == "account_reset_password_from_key" else {})
    if name == "thread":
        return {"question_id": question.pk, "slug": question.slug}
    if name == "answer_follow_up":
        return {"question_id": question.pk, "follow_up_id": world.follow_up.pk}
    if name in ("work_on_question", "my_question"):
        return {"question_id": question.pk}
    if name == "status":
        return {"token": token}
    if name == "sitemap_part":
        return {"section": "threads" if which == "there" else "missing"}
    if which in ("there", "moved", "missing"):
        return {"slug": {"there": slugs.get(name, world.doctor.slug), "moved": "nerves", "missing": "nothing"}[which]}
    return {}


def fields(act: str, which: str) -> dict:
    work = {"public_title": "A title", "text": "Some text.", "answer": "Yes.", "more_info": "", "reason": "examination"}
    asked = {"specialty": "neurology", "headline": "Why?", "consent": "on", "website": ""} if which == "question" else {}
    return work | asked | {"act": act}


def answer(response) -> str:
    """The status; of a redirect within the site the name of the page, of one to the sign-in whether it comes back."""
    if response.status_code != 302:
        return str(response.status_code)
    path, _query, coming_back = response["Location"].partition("?next=")
    name = resolve(path).view_name
    return "sign-in" if coming_back else f"->{name}"


def ask_for(world: SimpleNamespace, role: str, verb: str, url: str, data: dict) -> str:
    """What this role gets; afterwards everything is as before."""
    browser = world.cast.browser(role)
    if role == "asker_by_token":
        browser.get(reverse("status", args=[TOKEN]))
    with transaction.atomic():
        response = browser.post(url, data) if verb == "POST" else browser.get(url)
        transaction.set_rollback(True)
    return answer(response)

ROWS = [line.split() for line in TABLE.strip().splitlines()]

@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join(row[:3]))
def test_measure(row, db):
    w = world()
    act, name, which, *expected = row
    verb, _, act = act.partition(":")
    url = reverse(name, kwargs=arguments(w, name, which))
    got = [ask_for(w, role, verb, url, fields(act, which)) for role in ROLES]
    open("/tmp/table.txt", "a").write(f"{row[0]:14} {name:32} {which:20} " + " ".join(f"{g:8}" for g in got) + "\n")
