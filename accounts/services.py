"""What a doctor does with an application, where its file is concerned too."""

from django.db import transaction

from accounts.models import Application, LooseProof, User


class ProofGone(Exception):
    """The kept file was used already, or has waited too long; nothing was changed."""


@transaction.atomic
def send_application(*, user: User, proof: str, **typed) -> Application | None:
    """Send one in with a kept file; None where the user has an open one already. Raises ProofGone."""
    application = Application.objects.apply(user=user, proof=proof, **typed)
    if application:
        _take(proof)
    return application


@transaction.atomic
def answer_admin(*, application: Application, proof: str, **typed) -> None:
    """Answer what was asked, with another file or (empty) the one there is. Raises ProofGone, ApplicationClosed."""
    application.give_answer(proof=proof, **typed)
    if proof:
        _take(proof)
    transaction.on_commit(LooseProof.objects.delete_files, robust=True)


@transaction.atomic
def withdraw_application(*, application: Application) -> bool:
    """Take it back with its file. False where it was no longer open."""
    transaction.on_commit(LooseProof.objects.delete_files, robust=True)
    return application.withdraw()


def _take(proof: str) -> None:
    if not LooseProof.objects.take(proof):
        raise ProofGone
