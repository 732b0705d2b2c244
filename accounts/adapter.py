import logging
from base64 import urlsafe_b64encode
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

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

logger = logging.getLogger("consilium.accounts")


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

    def send_notification_mail(self, *args, **kwargs) -> None:
        """What it tells of is done: a mail server that is away must not make it look undone."""
        try:
            super().send_notification_mail(*args, **kwargs)
        except (OSError, SMTPException) as error:
            logger.warning("A mail about an account's security was not sent: %s", type(error).__name__)

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


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors are stored encrypted: a copy of the database alone gives nobody a code."""

    def encrypt(self, text: str) -> str:
        return _ciphers().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises ValidationError where the key it was encrypted with is in the settings no more."""
        try:
            return _ciphers().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            raise ValidationError(_("Your code cannot be checked any more. Please ask an admin.")) from error

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """What stands in the field before its owner types a name."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Key %(number)s") % {"number": number}

    def renew(self, encrypted_text: str) -> str:
        """The same, encrypted with the key of today. Raises InvalidToken."""
        return _ciphers().rotate(encrypted_text.encode()).decode()


def _ciphers() -> MultiFernet:
    """Encrypts with a key derived from SECRET_KEY; decrypts with those of SECRET_KEY_FALLBACKS too."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [salted_hmac("accounts.second_factor", "", secret=key, algorithm="sha256").digest() for key in keys]
    return MultiFernet([Fernet(urlsafe_b64encode(digest)) for digest in digests])
