from dataclasses import dataclass

from forum.safety.red_flags.advice import ADVICE
from forum.safety.red_flags.context import Context
from forum.safety.red_flags.rules import Severity, Source, all_rules


@dataclass(frozen=True)
class RedFlag:
    """A condition that a text alarms of; `name` and `advice` are in the language of the page."""

    code: str
    severity: Severity
    source: Source

    @property
    def name(self) -> str:
        return str(ADVICE[self.code].name)

    @property
    def advice(self) -> list[str]:
        """What to do until help comes, a sentence or two each."""
        return [str(step) for step in ADVICE[self.code].steps]

    @property
    def in_crisis(self) -> bool:
        """Whether a crisis line helps."""
        return ADVICE[self.code].in_crisis


def screen(text: str) -> list[RedFlag]:
    """What the text alarms of, the most urgent first; nothing for most. It takes time in proportion to its length."""
    known = all_rules()
    read = known.lexicon.read(text)
    context: Context | None = None
    alarming = []
    for rule, signs in known.possible(read):
        context = context or Context(read)
        if any(sign.is_in(read, context) for sign in signs):
            alarming.append(RedFlag(rule.code, rule.severity, rule.source))
    return alarming


def rule_named(code: str) -> RedFlag | None:
    """The rule of this code; None for one that there is no more."""
    return next(
        (RedFlag(rule.code, rule.severity, rule.source) for rule in all_rules().rules if rule.code == code), None
    )
