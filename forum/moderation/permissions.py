"""Who may do what with the work of colleagues. The same predicates serve views, templates and tests.

A published thread is public, so a second opinion on it is any working doctor's to give; all that is shown for it is
what every reader sees. What is not published opens to a colleague from elsewhere only by name, while a request stands.
"""

from accounts.permissions import can_work_as_doctor
from forum.moderation.models import LookRequest
from forum.questions.models import Question
from forum.replies.models import Reply


def can_add_reply(user, question: Question) -> bool:
    """A working doctor of any specialty who has no reply on this public thread yet: one a doctor."""
    if not (can_work_as_doctor(user) and question.is_published):
        return False
    doctor = user.doctor_profile
    return doctor.specialties.exists() and not question.replies.filter(doctor=doctor).exists()


def can_agree(user, reply: Reply) -> bool:
    """A working doctor of any specialty, with a public reply of somebody else."""
    return can_work_as_doctor(user) and reply.question.is_published and reply.doctor_id != user.doctor_profile.pk


def can_look_at_question(user, request: LookRequest) -> bool:
    """The working doctor who was asked to, as long as the request stands and the question is to be answered."""
    return can_work_as_doctor(user) and LookRequest.objects.asked_of(user.doctor_profile).filter(pk=request.pk).exists()
