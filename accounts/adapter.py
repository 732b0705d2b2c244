from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Accounts have an e-mail and nothing else; it is kept in lower case, as the database demands it unique."""

    def clean_email(self, email: str) -> str:
        return super().clean_email(email).lower()
