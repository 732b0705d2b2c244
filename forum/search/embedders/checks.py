"""What `manage.py check` and `serve` say about the embedders before anything is searched for."""

from django.conf import settings
from django.core.checks import Error
from django.core.exceptions import ImproperlyConfigured

from forum.search.embedders.choice import opened, parse_setting


def check_embedders(app_configs, **kwargs) -> list[Error]:
    """An error for each embedder of the setting that cannot work here. Loads no model and asks no server."""
    try:
        specs = parse_setting(settings.EMBEDDERS).values()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="search.E001")]
    return [problem for spec in dict.fromkeys(specs) if spec != "none" for problem in _problems(spec)]


def _problems(spec: str) -> list[Error]:
    try:
        opened(spec)
    except ImproperlyConfigured as error:
        return [Error(str(error), id="search.E002")]
    return []
