import pghistory
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum.specialties.forms import MergeForm
from forum.specialties.models import Specialty
from forum.specialties.recording import RecordedAdmin
from forum.specialties.services import merge_specialty

admin.site.add_desk(
    title=gettext_lazy("Specialties"),
    about=gettext_lazy("The fields in which patients ask: names, order, who may ask, how soon doctors answer."),
    screen="specialties_specialty_changelist",
    permission="specialties.view_specialty",
    position=50,
)


@admin.register(Specialty)
class SpecialtyAdmin(RecordedAdmin):
    list_display = [
        "name",
        "name_zh_hant",
        "parent",
        "position",
        "is_open",
        "target_hours",
        "review_months",
        "merge_link",
    ]
    list_editable = ["position", "is_open", "target_hours", "review_months"]
    list_select_related = ["parent"]
    search_fields = ["name", "name_zh_hant", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    actions = None

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).in_tree_order()

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "parent":
            kwargs["queryset"] = Specialty.objects.filter(parent=None)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_urls(self) -> list:
        merge = path("<int:pk>/merge/", self.admin_site.admin_view(self.merge), name="specialties_specialty_merge")
        return [merge, *super().get_urls()]

    @admin.display(description=gettext_lazy("merge"))
    def merge_link(self, specialty: Specialty) -> str:
        url = reverse("admin:specialties_specialty_merge", args=[specialty.pk])
        return format_html('<a href="{}">{}</a>', url, _("Merge into…"))

    def merge(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Choose the specialty that takes over everything of this one."""
        source = get_object_or_404(Specialty, pk=pk)
        if not self.has_delete_permission(request, source):
            raise PermissionDenied
        form = MergeForm(request.POST or None, source=source)
        if request.method == "POST" and form.is_valid():
            target = form.cleaned_data["target"]
            with pghistory.context(act="merge", by=request.user.pk):
                merge_specialty(source=source, target=target)
            names = {"source": source, "target": target}
            messages.success(request, _("“%(source)s” is now part of “%(target)s”.") % names)
            return redirect("admin:specialties_specialty_changelist")
        context = {
            **self.admin_site.each_context(request),
            "form": form,
            "source": source,
            "title": _("Merge specialty"),
        }
        return render(request, "specialties/admin_merge.html", context)
