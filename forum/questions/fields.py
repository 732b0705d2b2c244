from django import forms


class PlainText(forms.CharField):
    """Text of several lines. A line break counts as one character, as it does for the limit in the browser."""

    widget = forms.Textarea

    def to_python(self, value: str | None) -> str:
        return super().to_python(value).replace("\r\n", "\n")
