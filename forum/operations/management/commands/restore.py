import sys
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError

from config.database import stop_when_killed
from forum.operations.backups.drilling import drill, restore_elsewhere
from forum.operations.backups.errors import BackupError
from forum.operations.backups.progress import Progress
from forum.operations.backups.restoring import restore_backup

HALF_WAY = "If it was half way, the same command again, with --replace, brings the site to a whole state."


class Command(BaseCommand):
    help = "Restore a backup into an empty site, or prove in a drill that this can be done"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="what `backup` has written")
        parser.add_argument("--replace", action="store_true", help="empty the database and delete other uploads first")
        parser.add_argument(
            "--into", metavar="TARGET", default="", help="another data directory, or postgresql://... and --data-dir"
        )
        parser.add_argument("--data-dir", metavar="DIRECTORY", default="", help="where the uploads go, with --into")
        parser.add_argument("--drill", action="store_true", help="restore into a scratch site, prove it, delete it")
        parser.add_argument(
            "--scratch", metavar="DIRECTORY", type=Path, default=settings.DATA_DIR, help="where; default: %(default)s"
        )

    def handle(self, *, file: Path, **options) -> None:
        stop_when_killed()
        file = file.absolute()
        try:
            self._restore(file, **options)
        except BackupError as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            where = error.filename or file
            raise CommandError(f"{where}: {error.strerror}. {HALF_WAY}") from None
        except (DatabaseError, InterfaceError) as error:
            raise CommandError(f"The database failed ({type(error).__name__}). {HALF_WAY}") from None

    def _restore(self, file: Path, *, into: str, data_dir: str, replace: bool, **options) -> None:
        if options["drill"]:
            if into or replace:
                raise CommandError("--drill takes no --into and no --replace.")
            self._tell("Drill passed", drill(file, within=options["scratch"].absolute()))
        elif into:
            sys.exit(restore_elsewhere([str(file), *["--replace"] * replace], elsewhere(into, data_dir)))
        else:
            manifest = restore_backup(file, replace=replace, say=self.stderr.write, progress=Progress())
            self._tell("Restored", manifest)

    def _tell(self, done: str, manifest) -> None:
        proof, uploads = manifest.proof, len(manifest.uploads)
        self.stdout.write(
            f"{done}: {len(proof.tables)} tables with {proof.rows} rows and {uploads} uploads of {manifest.made_at}"
            " came back as they were."
        )


def elsewhere(into: str, data_dir: str) -> dict[str, str]:
    """The settings that lead there. Raises BackupError where it is not clear where that is."""
    if into.startswith(("postgres://", "postgresql://")):
        if not data_dir:
            raise BackupError("Say with --data-dir where the uploads go.")
        return {"DATABASE_URL": into, "CONSILIUM_DATA_DIR": str(Path(data_dir).absolute())}
    if settings.PRODUCTION:
        raise BackupError("In production mode --into takes a postgresql://... and --data-dir.")
    return {"DATABASE_URL": "", "CONSILIUM_DATA_DIR": str(Path(into).absolute())}
