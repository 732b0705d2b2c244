from allauth.account.adapter import DefaultAccountAdapter

from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Accounts have an e-mail and nothing else; it is kept in lower case, as the database demands it unique."""

    def clean_email(self, email: str) -> str:
        email = super().clean_email(email).lower()
        # allauth cuts one that is too long for the database, and would mail somebody else.
        User._meta.get_field("email").run_validators(email)
        return email
