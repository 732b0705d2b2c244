from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand
from django.db import transaction

from accounts.adapter import SecondFactorAdapter

SECRETS = ("secret", "seed")


class Command(BaseCommand):
    help = "Encrypt the secrets of second factors with the SECRET_KEY of today. Harmless when repeated."

    def handle(self, *args, **options) -> None:
        renewed, lost = 0, []
        stored = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN)  # a public key is no secret
        for pk, user in stored.order_by("pk").values_list("pk", "user").iterator():
            try:
                renewed += _renew(pk)
            except InvalidToken:
                lost.append(user)
        self.stdout.write(f"{renewed} secrets renewed.")
        if lost:
            self.stderr.write(f"No key in the settings opens those of the accounts {sorted(set(lost))}.")


@transaction.atomic
def _renew(pk: int) -> int:
    """How many secrets it has; it may have been taken away meanwhile. Raises InvalidToken."""
    row = Authenticator.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        return 0
    adapter = SecondFactorAdapter()
    renewed = {name: adapter.renew(row.data[name]) for name in SECRETS if name in row.data}
    row.data |= renewed
    row.save(update_fields=["data"])
    return len(renewed)
