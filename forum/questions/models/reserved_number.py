from django.db import models


class ReservedNumber(models.Model):
    """An id kept for a question to come (questions/numbers.py)."""

    number = models.BigIntegerField(primary_key=True)

    def __str__(self) -> str:
        return str(self.number)
