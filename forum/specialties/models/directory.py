import pgtrigger
from django.db import models


def renew_directory_version() -> pgtrigger.Trigger:
    """A trigger for tables whose names stand on many pages: see DirectoryVersion."""
    return pgtrigger.Trigger(
        name="new_directory_version",
        operation=pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.After,
        level=pgtrigger.Statement,
        func="""
            INSERT INTO specialties_directoryversion (id, number) VALUES (1, 1)
            ON CONFLICT (id) DO UPDATE SET number = specialties_directoryversion.number + 1;
            RETURN NULL;
        """,
    )


class DirectoryVersion(models.Model):
    """One row whose number grows whenever a name that stands on many pages (specialty, doctor, topic) changes.

    Database triggers keep it; a cached page is fresh only while it has not moved.
    """

    number = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="directory_version_one_row")]

    def __str__(self) -> str:
        return str(self.number)
