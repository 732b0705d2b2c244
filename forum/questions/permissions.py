"""Who may see and do what with a question. The same predicates serve views, templates and tests."""

from accounts.permissions import can_work_as_doctor, is_admin
from forum.questions.models import Question, QuestionImage, State


def can_work_on_question(user, question: Question) -> bool:
    """A working doctor of its specialty, whatever became of it short of being withdrawn."""
    return (
        can_work_as_doctor(user)
        and question.state != State.WITHDRAWN
        and Question.objects.for_doctor(user.doctor_profile).filter(pk=question.pk).exists()
    )


def can_withdraw_question(question: Question) -> bool:
    """For its asker, who has shown the token or signed in: until it is answered."""
    return question.is_open or question.is_joined


def can_see_image(user, image: QuestionImage) -> bool:
    """Everybody where it is public; else its asker, the doctors of its specialty and admins."""
    question = image.question
    if image.is_public:
        return True
    if question.state == State.WITHDRAWN or not user.is_authenticated:
        return False
    return question.asker_id == user.pk or is_admin(user) or can_work_on_question(user, question)
