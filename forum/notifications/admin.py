from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from forum.notifications.models import Notice


@admin.register(Notice)
class NoticeAdmin(admin.ModelAdmin):
    """What waits, went out or could not: without any address, nor whose it is."""

    list_display = ["__str__", "kind", "state", "due_at", "tries", "last_error", "sent_at"]
    list_display_links = None
    list_filter = ["state", "kind"]
    ordering = ["-id"]
    show_full_result_count = False
    actions = ["try_again"]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        # Only what the filters offer: others would tell whose it is.
        return lookup.split("__")[0] in self.list_filter

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, notice=None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, notice=None) -> bool:
        return False

    @admin.action(description=_("Try the chosen ones again that were given up"), permissions=["view"])
    def try_again(self, request: HttpRequest, notices: QuerySet) -> None:
        for notice in notices:
            notice.try_again()
