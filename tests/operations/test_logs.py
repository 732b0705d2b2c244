import io
import logging

import pytest
from django.conf import settings
from django.http import HttpResponseNotFound
from django.utils.log import log_response
from gunicorn.config import Config

from forum.operations.logs import PrivateFormatter, WebServerLogger

TOKEN = "kP9x_2-Qa7"


def record(message: str, *args, exc_info=None) -> logging.LogRecord:
    return logging.LogRecord("forum", logging.ERROR, "views.py", 1, message, args, exc_info)


def raised(error: Exception):
    try:
        raise error
    except Exception as error:
        return type(error), error, error.__traceback__


@pytest.fixture
def django_log():
    """What the handler of the project's own logging settings writes for Django."""
    (handler,) = (h for h in logging.getLogger("django").handlers if isinstance(h.formatter, PrivateFormatter))
    stream = io.StringIO()
    before = handler.setStream(stream)
    yield stream
    handler.setStream(before)


@pytest.mark.parametrize(
    ("path", "token"),
    [("/status/", TOKEN), ("/follow/confirm/", "12:1abcde:Ab-_9"), ("/notices/", "doctor.7.new_questions:Ab-_9")],
)
def test_private_formatter_cuts_the_tokens_of_private_links(path, token):
    line = PrivateFormatter().format(record("Bad Request: %s", f"{path}{token}/?from=mail"))

    assert line.endswith(f"ERROR forum Bad Request: {path}[token]/?from=mail")


def test_private_formatter_withholds_the_message_of_an_exception():
    line = PrivateFormatter().format(record("Failed", exc_info=raised(ValueError(" ".join(["my", "diagnosis"])))))

    assert "my diagnosis" not in line
    assert line.endswith("builtins.ValueError (message withheld)")
    assert "in raised" in line


def test_private_formatter_copes_without_an_exception():
    line = PrivateFormatter().format(record("Failed", exc_info=(None, None, None)))

    assert "ERROR forum Failed" in line


def test_missing_status_page_is_logged_without_its_token(django_log, rf):
    request = rf.get(f"/status/{TOKEN}/")

    log_response("Not Found: %s", request.path, response=HttpResponseNotFound(), request=request)

    assert django_log.getvalue().endswith("WARNING django.request Not Found: /status/[token]/\n")


def test_every_handler_of_the_project_is_private():
    assert {handler["formatter"] for handler in settings.LOGGING["handlers"].values()} == {"private"}


def test_web_server_logger_is_private(capsys):
    WebServerLogger(Config()).exception("Error handling request %s", f"/status/{TOKEN}/")

    assert "ERROR gunicorn.error Error handling request /status/[token]/" in capsys.readouterr().err
