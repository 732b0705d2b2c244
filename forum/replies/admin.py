from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from forum.replies.models import SavedReply


@admin.register(SavedReply)
class SavedReplyAdmin(admin.ModelAdmin):
    """The shared ones. A doctor's own are nobody else's."""

    list_display = ["title", "language"]
    list_filter = ["language"]
    search_fields = ["title"]
    ordering = ["title", "id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).shared()
