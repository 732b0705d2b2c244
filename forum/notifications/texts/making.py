"""What the texts of mails about notices have in common."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from forum.texts.placeholders import Links, Placeholder
from forum.texts.previews import of_mail
from forum.texts.registry import Field, Group, Kind, Text

HERE = "https://consilium.example.org"
LINK = Placeholder("link", _("the link, or links, to what the mail tells of"), Links((f"{HERE}/questions/4711/-/",)))
UNSUBSCRIBE = Placeholder("unsubscribe", _("the link that ends such mails"), Links((f"{HERE}/notices/stop/9rTk…/",)))
# What stands below mails that cannot be ended.
WITHOUT_END = ("mail_end.letter", "mail_end.account", "mail_end.security")


def mail(
    code: str,
    name: Promise,
    where: Promise,
    subject: Promise,
    text: Promise,
    button: Promise | None,
    end: str,
    **values,
) -> Text:
    """A mail with a link, before which `button` stands in HTML; without `button` one that leads nowhere."""
    link = button is not None
    fields = [
        Field("subject", _("Subject"), subject),
        Field("text", _("Text"), text, Kind.TEXT, (LINK,) if link else (), ("link",) if link else ()),
    ]
    if link:
        fields.append(Field("button", _("Words before the link"), button, may_be_empty=True))
    if end not in WITHOUT_END:
        values["unsubscribe"] = UNSUBSCRIBE.example
    preview = of_mail(code, end=end, addresses=LINK.example.addresses if link else (), **values)
    return Text(code, name, where, Group.MAILS, tuple(fields), preview)


def counted(
    code: str,
    name: Promise,
    where: Promise,
    subject: Promise,
    one: Promise,
    more: Promise,
    number: Placeholder,
    button: Promise,
    end: str,
) -> Text:
    """A mail with a number in it, and words of its own where that is one."""
    values = {} if end in WITHOUT_END else {"unsubscribe": UNSUBSCRIBE.example}
    return Text(
        code,
        name,
        where,
        Group.MAILS,
        (
            Field("subject", _("Subject"), subject),
            Field("one", _("Text where it is one"), one, Kind.TEXT, (number, LINK), ("link",)),
            Field("text", _("Text where there are more"), more, Kind.TEXT, (number, LINK), ("number", "link")),
            Field("button", _("Words before the link"), button, may_be_empty=True),
        ),
        of_mail(code, end=end, addresses=LINK.example.addresses, number=number.example, **values),
    )
