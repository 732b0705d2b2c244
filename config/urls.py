from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("forum.archive.urls")),
    path("accounts/", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("", include("forum.search.urls")),
    path("", include("forum.questions.urls")),
    path("", include("forum.notifications.urls")),
    path("", include("forum.moderation.urls")),
    path("", include("forum.threads.urls")),
    path("", include("forum.operations.urls")),
]
