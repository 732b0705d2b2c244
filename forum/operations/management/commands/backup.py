from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError
from django.template.defaultfilters import filesizeformat

from config.database import stop_when_killed
from forum.operations.backups.errors import BackupError
from forum.operations.backups.making import make_backup
from forum.operations.backups.progress import Progress


class Command(BaseCommand):
    help = "Back up the database and the uploads into one file, while the site serves. Without the SECRET_KEY"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "target", metavar="FILE", help="a new file, or a directory, in which its name tells the time"
        )

    def handle(self, *, target: str, **options) -> None:
        stop_when_killed()
        try:
            path, manifest, missing = make_backup(Path(target), Progress())
        except BackupError as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{error.filename or target}: {error.strerror}. No backup was made.") from None
        except (DatabaseError, InterfaceError) as error:
            raise CommandError(f"The database failed ({type(error).__name__}). No backup was made.") from None
        size = filesizeformat(path.stat().st_size).replace("\xa0", " ")
        self.stdout.write(
            f"{path}: {len(manifest.proof.tables)} tables, {manifest.proof.rows} rows, {len(manifest.uploads)} uploads,"
            f" {size}. It holds medical data, and not the SECRET_KEY: keep that elsewhere."
        )
        if missing:
            self.stderr.write(
                f"Warning: {len(missing)} uploads that the database knows are not in the folder of this host,"
                f" {missing[0]} among them. Is it the one that the site uses?"
            )
