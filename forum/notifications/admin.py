from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.long_lists import LongListAdmin
from forum.notifications.models import Notice


@admin.register(Notice)
class NoticeAdmin(LongListAdmin):
    """What waits, went out or could not: without any address, nor whose it is."""

    list_display = ["__str__", "kind", "state", "due_at", "tries", "last_error", "sent_at"]
    list_display_links = None
    list_filter = ["state", "kind"]
    ordering = ["-id"]
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

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """What a notice says stays as it is; whether it is tried again is decided by those who may change things."""
        return request.user.has_perm("notifications.change_notice")

    @admin.action(description=_("Try the chosen ones again that were given up"), permissions=["retry"])
    def try_again(self, request: HttpRequest, notices: QuerySet) -> None:
        for notice in notices:
            notice.try_again()
