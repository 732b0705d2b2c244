"""The private page of a question, as its asker uses it."""

from forum.questions.models import Question
from tests.factories import QuestionFactory
from tests.html import parse

TOKEN = "abcdefghijklmnopqrstuv"
PAGE = f"/status/{TOKEN}/"


def in_state(state: str, **fields) -> Question:
    traits = {} if state == "waiting" else {state: True}
    return QuestionFactory(token=TOKEN, **traits, **fields)


def notice(page) -> str:
    """What the page says of the question's state, under the steps."""
    (first, *_others) = parse(page).all("div", class_="notice")
    return first.text


def message(page) -> str:
    """The message at the top after an act."""
    return parse(page).one("div", class_="messages").text


def act(client, act: str, path: str = PAGE, **typed):
    return client.post(path, {"act": act, **typed}, follow=True)


def state_of(question: Question) -> str:
    return Question.objects.get(pk=question.pk).state


def decisions(question: Question) -> list[tuple]:
    return list(question.decisions.values_list("act", "by", "from_state", "to_state"))


def buttons(page) -> list[str]:
    return [button.attrs["value"] for button in parse(page).all("button", name="act")]
