from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    WAITING = "waiting", _("Waiting for a doctor")
    NEEDS_INFO = "needs_info", _("More information asked")
    PUBLISHED = "published", _("Answered")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    HIDDEN = "hidden", _("Hidden")
    MERGED = "merged", _("Merged into another thread")


# Nobody has answered, declined or withdrawn it yet.
OPEN_STATES = (State.WAITING, State.NEEDS_INFO)


class Sex(models.TextChoices):
    FEMALE = "female", _("female")
    MALE = "male", _("male")
    OTHER = "other", _("other")


class AgeBand(models.TextChoices):
    """Ten years each: ages are public, birth dates are never asked."""

    B0 = "0-9", "0~9"
    B10 = "10-19", "10~19"
    B20 = "20-29", "20~29"
    B30 = "30-39", "30~39"
    B40 = "40-49", "40~49"
    B50 = "50-59", "50~59"
    B60 = "60-69", "60~69"
    B70 = "70-79", "70~79"
    B80 = "80-89", "80~89"
    B90 = "90+", "90+"


class DeclineReason(models.TextChoices):
    """Why a doctor declines; each comes with a next step for the patient (questions/declining.py)."""

    EMERGENCY = "emergency", _("It may be an emergency")
    EXAMINATION = "examination", _("It needs an examination")
    OUTSIDE = "outside_medicine", _("It is outside medicine")
    NO_QUESTION = "no_question", _("It asks no question we can answer")
    DUPLICATE = "duplicate", _("It has been answered before")
    ABUSIVE = "abusive", _("It is abusive")


class CorrectionReason(models.TextChoices):
    """What was the matter with a reply or an article that a doctor corrects."""

    WRONG = "wrong", _("It was wrong")
    INCOMPLETE = "incomplete", _("Something was missing")
    UNCLEAR = "unclear", _("It could be misunderstood")
    OUTDATED = "outdated", _("What is known has changed")
    WORDING = "wording", _("Only the wording")
    PRIVATE = "private", _("It named somebody")


class ReportReason(models.TextChoices):
    """What a reader says is wrong with something public, and the ground on which an admin decides it."""

    DANGER = "danger", _("Wrong or dangerous advice")
    PERSONAL = "personal_data", _("It tells who somebody is")
    OFFENSIVE = "offensive", _("It is offensive")
    ADVERT = "advertisement", _("It is an advertisement")
    COPYRIGHT = "copyright", _("It is copied from elsewhere (copyright)")
    OTHER = "other", _("Something else")


class MergeReason(models.TextChoices):
    """Why a question becomes a duplicate of another."""

    SAME_PERSON = "same_person", _("The same person asked it twice")
    SAME_QUESTION = "same_question", _("It asks the same")


class PartReason(models.TextChoices):
    """Why a merge is undone."""

    MISTAKE = "mistake", _("It was merged by mistake")
    DIFFERENT = "different", _("It asks something else after all")
    TARGET_GONE = "target_gone", _("The other question was taken back")
