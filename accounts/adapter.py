from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.hashers import make_password
from django.core.mail import EmailMessage, EmailMultiAlternatives

from accounts.models import User
from forum.texts.mails import write_mail

# allauth's name of a mail: the text of the site, and where its link stands among allauth's values.
MAILS = {
    "account/email/email_confirmation": ("mail.confirm_address", "activate_url"),
    "account/email/email_confirmation_signup": ("mail.confirm_address", "activate_url"),
    "account/email/password_reset_key": ("mail.new_password", "password_reset_url"),
    "account/email/account_already_exists": ("mail.has_account", "password_reset_url"),
    "account/email/unknown_account": ("mail.has_no_account", "signup_url"),
}


class AccountAdapter(DefaultAccountAdapter):
    """Accounts have an e-mail and nothing else; it is kept in lower case, as the database demands it unique."""

    def clean_email(self, email: str) -> str:
        email = super().clean_email(email).lower()
        # allauth cuts one that is too long for the database, and would mail somebody else.
        User._meta.get_field("email").run_validators(email)
        return email

    def send_account_already_exists_mail(self, email: str) -> None:
        # A new account costs the hashing of its password; so that the time does not tell, so does one that exists.
        make_password(self.request.POST.get("password1", ""))
        super().send_account_already_exists_mail(email)

    def render_mail(
        self, template_prefix: str, email: str | list[str], context: dict[str, Any], headers=None
    ) -> EmailMessage:
        """In the words of the site, where it has any for this mail."""
        code, link = MAILS.get(template_prefix, ("", ""))
        if link not in context:
            return super().render_mail(template_prefix, email, context, headers)
        words = write_mail(code, addresses=(context[link],))
        to = [email] if isinstance(email, str) else email
        subject = self.format_email_subject(words.subject)
        mail = EmailMultiAlternatives(subject, words.text, self.get_from_email(), to, headers=headers)
        mail.attach_alternative(words.html, "text/html")
        return mail
