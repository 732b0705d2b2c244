"""Who may do what with a reply. The same predicates serve views, templates and tests."""

from accounts.permissions import can_work_as_doctor, is_admin
from forum.questions.permissions import can_work_on_question
from forum.replies.models import Reply


def can_correct_reply(user, reply: Reply) -> bool:
    """The working doctor who wrote it and sees it still: as every reader does, or as a doctor of its specialty."""
    is_own = can_work_as_doctor(user) and reply.doctor_id == user.doctor_profile.pk
    return is_own and (reply.question.is_published or can_work_on_question(user, reply.question))


def can_see_revisions(user, reply: Reply) -> bool:
    """What it said before it was corrected is for admins, doctors of its specialty and whoever wrote it."""
    return is_admin(user) or can_work_on_question(user, reply.question) or can_correct_reply(user, reply)
