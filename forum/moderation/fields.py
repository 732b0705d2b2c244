"""A form field for the checklist of the patient's sub-questions."""

from django import forms
from django.utils.translation import gettext as _

from forum.moderation.subquestions import LONGEST, MOST, Status, SubQuestion


class SubQuestionsInput(forms.Widget):
    """Any number of rows `sub_question` and `sub_status`, drawn by the template; None where the page had no rows."""

    input_type = "hidden"  # no field among the others: the rows stand beside the patient's words

    def value_from_datadict(self, data, files, name: str) -> list[tuple[str, str]] | None:
        if "sub_question" not in data:
            return None
        texts, statuses = (data.getlist(each) for each in ("sub_question", "sub_status"))
        return list(zip(texts, [*statuses, *[Status.OPEN] * len(texts)], strict=False))


class SubQuestionsField(forms.Field):
    """A list of SubQuestion; a row whose words were removed is removed. None where nothing was said of them."""

    widget = SubQuestionsInput

    def to_python(self, value: list[tuple[str, str]] | None) -> list[SubQuestion] | None:
        if value is None:
            return None
        rows = [(" ".join(text.split()), status) for text, status in value]
        return [SubQuestion(text, status if status in Status.values else Status.OPEN) for text, status in rows if text]

    def validate(self, value: list[SubQuestion] | None) -> None:
        if value and len(value) > 2 * MOST:
            raise forms.ValidationError(_("Sixteen of the patient's questions at most, please."))
        if value and any(len(each.text) > LONGEST for each in value):
            raise forms.ValidationError(_("Each of the patient's questions has 300 characters at most."))
