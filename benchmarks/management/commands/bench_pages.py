"""What a page costs besides time: SQL queries, and bytes with and without compression."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

PAGES = ("bare", "reference", "list", "list-deep", "search", "home")


class Command(BaseCommand):
    help = "Benchmarks: queries and bytes of each page, as JSON."

    def handle(self, **options) -> None:
        client = Client(headers={"host": "localhost"})
        sample, other = path_of("thread", 0), path_of("thread", 1)
        for once in (other, *(path_of(name, 0) for name in PAGES)):  # what a process does only once is not counted
            client.get(once)
        pages = {"thread-afresh": cost(client, sample), "thread-cached": cost(client, sample)}
        self.stdout.write(json.dumps(pages | {name: cost(client, path_of(name, 0)) for name in PAGES}))


def path_of(page: str, number: int) -> str:
    return (settings.DATA_DIR / f"{page}.paths").read_text().splitlines()[number]


def cost(client: Client, path: str) -> dict[str, int]:
    with CaptureQueriesContext(connection) as queries:
        raw = client.get(path).content
    count = len(queries)  # before the next request forgets them
    compressed = client.get(path, headers={"accept-encoding": "gzip"}).content
    return {"queries": count, "raw": len(raw), "gzip": len(compressed)}
