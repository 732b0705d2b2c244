"""Lists of the admin site that stay quick over tables of millions of rows."""

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property

# A list is counted, and paged through, so far and no further: beyond it one searches and filters.
MOST_COUNTED = 10_000


class BoundedPaginator(Paginator):
    """Counts at most MOST_COUNTED rows, so that neither the count nor the last page reads a whole table."""

    @cached_property
    def count(self) -> int:
        return self.object_list.order_by()[:MOST_COUNTED].count()


class LongListAdmin(admin.ModelAdmin):
    """A list of a table that grows with the site. Whoever subclasses it orders by an index, newest first."""

    change_list_template = "admin/long_list.html"
    paginator = BoundedPaginator
    list_per_page = 50
    show_full_result_count = False

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Where it does not go to the end, it says so, and about how many rows there are."""
        rows = estimated_rows(self.model._meta.db_table)
        about = {"rows_about": rows if rows > MOST_COUNTED else None, "most_counted": MOST_COUNTED}
        return super().changelist_view(request, about | (extra_context or {}))


def estimated_rows(table: str) -> int:
    """What the planner takes the table to hold, as of its last analysis; no row is read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT GREATEST(reltuples, 0)::bigint FROM pg_class WHERE oid = %s::regclass", [table])
        return cursor.fetchone()[0]
