"""What acts are called, wherever in history they stand."""

from django.contrib.admin.models import ADDITION, CHANGE, DELETION
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountAct
from forum.questions.models import REASONS, Act

# Those that are no decision on a question; `act` of pghistory.context, or of a source of its own.
OTHER_ACTS = {
    **dict(AccountAct.choices),
    "text": _("Site text changed"),
    "verify": _("Doctor verified"),
    "withdraw_verification": _("Verification withdrawn"),
    "suspend": _("Doctor suspended"),
    "retire": _("Doctor retired"),
    "reinstate": _("Doctor reinstated"),
    "ask_doctor": _("More asked of a doctor who applies"),
    "answer": _("Answered by a doctor who applies"),
    "take_back": _("Application taken back"),
    "verified": _("Application granted"),
    "refused": _("Application refused"),
    "add": _("Added"),
    "place": _("Put in another place"),
    "open": _("Opened for asking"),
    "close": _("Closed for asking"),
    "merge_things": _("Merged into another"),
    "undo_merge": _("Merge undone"),
    "default_topics": _("Default topics changed"),
    "admin": _("Changed on the admin site"),
    "import": _("Changed by an import"),
    "erase": _("Erased from history"),
    "export": _("History exported"),
    "admin_add": _("Added on the admin site"),
    "admin_change": _("Changed on the admin site"),
    "admin_delete": _("Deleted on the admin site"),
    "update": _("Changed"),
    "delete": _("Deleted"),
}
# On other things than questions these mean something else than among the decisions: what they go by there.
ELSEWHERE = {"edit": "admin", "merge": "merge_things", "ask": "ask_doctor", "withdraw": "take_back"}
ADMIN_ACTS = {ADDITION: "admin_add", CHANGE: "admin_change", DELETION: "admin_delete"}


def act_in_words(act: str) -> str:
    """As a page says it; an act that is unknown here as it stands."""
    return str(Act(act).label if act in Act.values else OTHER_ACTS.get(act, act))


def choices() -> list[tuple[str, str]]:
    """All acts by name, in the reader's language."""
    return sorted(((act, act_in_words(act)) for act in [*Act.values, *OTHER_ACTS]), key=lambda choice: choice[1])


def acts_that_say(words: str) -> list[str]:
    """Acts in whose name these words stand."""
    return [act for act, name in choices() if words.casefold() in name.casefold() or words == act]


def reasons_that_say(words: str) -> list[str]:
    """The codes of the site's own reasons that read so."""
    return [code for code, reason in REASONS.items() if words.casefold() in str(reason).casefold()]
