"""The frame of a good reply, offered and not imposed: acknowledge, what it may be, what to do, when to seek care."""

from django.utils.translation import gettext_lazy as _

# In the language of the question: the words become part of the reply.
SCAFFOLD = {
    "en": (
        _("Thank you for your question. I understand that "),
        _("What it may be: "),
        _("What you can do now: "),
        _("When to see a doctor, and when at once: "),
    ),
    "zh-hant": (
        "謝謝您的提問。我了解您擔心的是",
        "可能的原因：",
        "您現在可以這樣做：",
        "什麼時候該看醫師，什麼情況要立刻就醫：",
    ),
}


def scaffold_for(language: str) -> str:
    """Four lines to be completed, with blank ones between."""
    lines = SCAFFOLD["zh-hant" if language.startswith("zh") else "en"]
    return "\n\n".join(str(line).rstrip() for line in lines)
