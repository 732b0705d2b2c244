from forum.questions.views.ask import ask, ask_page
from forum.questions.views.checks import check_question
from forum.questions.views.edit import edit_my_question, edit_question
from forum.questions.views.images import image_response, question_image, sent_images, status_image
from forum.questions.views.personal import check_personal_data
from forum.questions.views.status import my_question, my_questions, status

__all__ = [
    "ask",
    "ask_page",
    "check_personal_data",
    "check_question",
    "edit_my_question",
    "edit_question",
    "image_response",
    "my_question",
    "my_questions",
    "question_image",
    "sent_images",
    "status",
    "status_image",
]
