from forum.questions.views.ask import ask
from forum.questions.views.status import my_question, my_questions, status

__all__ = ["ask", "my_question", "my_questions", "status"]
