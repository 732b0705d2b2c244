"""The words of mails about accounts, which admins may change. The others that allauth could send keep its own words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from forum.texts.placeholders import Links, Placeholder
from forum.texts.previews import of_mail
from forum.texts.registry import Field, Group, Kind, Text, register

LINK = Placeholder("link", _("the link"), Links(("https://consilium.example.org/accounts/…/",)))


def mail(code: str, name: Promise, where: Promise, subject: Promise, text: Promise) -> Text:
    return Text(
        code,
        name,
        where,
        Group.MAILS,
        (Field("subject", _("Subject"), subject), Field("text", _("Text"), text, Kind.TEXT, (LINK,), ("link",))),
        of_mail(code, addresses=LINK.example.addresses),
    )


register(
    mail(
        "mail.confirm_address",
        _("Account: confirm the address"),
        _("To an address that was given for a new account, or added to one."),
        _("Please confirm your e-mail address"),
        _(
            "Somebody, we think you, has given this address for an account on Consilium. If it was you, please open "
            "this page and confirm it:\n{link}\n\n"
            "If not, do nothing: without it nobody can use the address."
        ),
    ),
    mail(
        "mail.new_password",
        _("Account: a new password"),
        _("To somebody who has forgotten the password."),
        _("A new password"),
        _(
            "Somebody, we think you, wants a new password for the account with this address. If it was you, choose it "
            "here:\n{link}\n\n"
            "If not, do nothing: the old one stays."
        ),
    ),
    mail(
        "mail.has_account",
        _("Account: there is one"),
        _("To an address with an account, when somebody signs up with it. The page itself does not tell."),
        _("You have an account already"),
        _(
            "Somebody, we think you, wanted to open an account on Consilium with this address. There is one already. "
            "If you have forgotten the password, choose a new one here:\n{link}\n\n"
            "If it was not you, do nothing: nobody learns that you have an account."
        ),
    ),
    mail(
        "mail.has_no_account",
        _("Account: there is none"),
        _("To an address without an account, when somebody wants a new password for it. The page does not tell."),
        _("There is no account with this address"),
        _(
            "Somebody, we think you, wants a new password for an account on Consilium. There is none with this "
            "address. Perhaps you used another one; you can also open an account here:\n{link}\n\n"
            "If it was not you, do nothing."
        ),
    ),
)
