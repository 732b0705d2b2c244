from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.hashers import make_password

from accounts.models import User


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
