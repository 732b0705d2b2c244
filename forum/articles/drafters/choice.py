"""Which drafter serves the site: the setting CONSILIUM_DRAFTER, described in docs/operating.md."""

from django.conf import settings
from django.core.checks import Error
from django.core.exceptions import ImproperlyConfigured

from forum.articles.drafters.base import Drafter
from forum.articles.drafters.builtin import BuiltinDrafter
from forum.articles.drafters.chat import SCHEMES, ChatServer


def configured_drafter() -> Drafter:
    """The one of the setting. Asks no server yet. Raises ImproperlyConfigured."""
    spec = settings.DRAFTER
    if spec in ("", "builtin"):
        return BuiltinDrafter()
    if spec.startswith(SCHEMES):
        return ChatServer(spec, settings.DRAFTER_MODEL, settings.DRAFTER_KEY)
    # The setting itself is not repeated: a key may have been pasted into it.
    raise ImproperlyConfigured("CONSILIUM_DRAFTER must be builtin or the http(s) address of a chat server.")


def check_drafter(app_configs, **kwargs) -> list[Error]:
    """An error for a drafter that cannot work. Asks no server."""
    try:
        configured_drafter()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="articles.E001")]
    return []
