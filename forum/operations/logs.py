"""What may be written to the logs."""

import logging
import re
import traceback

from gunicorn import glogging

TOKEN = re.compile(r"(/(?:status|follow/confirm|notices)/)[\w.:-]+")


class PrivateFormatter(logging.Formatter):
    """Lines without secrets or patients' words.

    Tokens of private links are cut out of paths. Of an exception the stack and the class are kept and the message is
    not: PostgreSQL puts whole rows into it, parsers the words they stumble on.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        return TOKEN.sub(r"\1[token]", super().format(record))

    def formatException(self, exc_info) -> str:
        kind, _value, trace = exc_info
        if kind is None:  # logged as an exception where there was none
            return ""
        return f"{''.join(traceback.format_tb(trace))}{kind.__module__}.{kind.__qualname__} (message withheld)"


class WebServerLogger(glogging.Logger):
    """gunicorn's own lines, as private as Django's."""

    def setup(self, cfg) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(PrivateFormatter())
