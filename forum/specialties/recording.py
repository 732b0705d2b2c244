import pghistory
from django.contrib import admin
from django.http import HttpRequest, HttpResponse


class RecordedAdmin(admin.ModelAdmin):
    """Pages of the admin site whose changes stand in the row history under the admin who made them."""

    def changelist_view(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        with pghistory.context(act="admin", by=request.user.pk):
            return super().changelist_view(request, *args, **kwargs)

    def changeform_view(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        with pghistory.context(act="admin", by=request.user.pk):
            return super().changeform_view(request, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        with pghistory.context(act="admin", by=request.user.pk):
            return super().delete_view(request, *args, **kwargs)
