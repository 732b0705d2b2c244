from forum.questions.views.ask import ask, ask_page
from forum.questions.views.status import my_question, my_questions, status

__all__ = ["ask", "ask_page", "my_question", "my_questions", "status"]
