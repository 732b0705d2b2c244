"""Personal data at the doctor's desk: in the patient's words, and in the doctor's own."""

from collections.abc import Iterable

from django.forms import BaseForm
from django.utils.translation import gettext

from accounts.models import Doctor
from forum.questions.models import Question
from forum.questions.personal import PUBLIC_WORDS, Findings, look_through, look_through_form
from forum.replies.models import FollowUp


def in_patients_words(question: Question) -> Findings:
    """What would become public with the answer."""
    labels = {name: question._meta.get_field(name).verbose_name.capitalize() for name in PUBLIC_WORDS}
    words = {name: getattr(question, name) for name in PUBLIC_WORDS}
    for image in question.images.in_order():
        words[image.name], labels[image.name] = image.description, gettext("Image %(place)s") % {"place": image.place}
    return look_through(words, labels=labels, allowed=[question.pseudonym])


def with_findings(follow_ups: Iterable[FollowUp], question: Question) -> list[FollowUp]:
    """The same, those without an answer with what would become public with it, as `personal`."""
    follow_ups = list(follow_ups)
    for each in follow_ups:
        if each.answered_at is None:
            labels = {"text": FollowUp._meta.get_field("text").verbose_name.capitalize()}
            each.personal = look_through({"text": each.text}, labels=labels, allowed=[question.pseudonym])
    return follow_ups


def in_doctors_words(form: BaseForm, question: Question, doctor: Doctor) -> Findings:
    """What a form with a doctor's own words tells of anybody else; the patient may be called by the pseudonym."""
    names = [name for name in ("public_title", "text", "more_info", "answer") if name in form.fields]
    return look_through_form(form, *names, allowed=[doctor.name, question.pseudonym])


def not_meant(form: BaseForm, question: Question, doctor: Doctor) -> Findings | None:
    """What the doctor has to confirm before it is public; the box that was ticked says for which it was."""
    found = in_doctors_words(form, question, doctor)
    return None if found.are_in(form.data.get("personal_meant", "")) else found
