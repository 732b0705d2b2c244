from django.contrib.sitemaps import views as sitemap_views
from django.urls import path
from django.views.decorators.http import require_safe

from forum.threads import views
from forum.threads.feeds import LatestFeed, SpecialtyFeed
from forum.threads.sitemaps import SITEMAPS

PARTS = {"sitemaps": SITEMAPS}

urlpatterns = [
    path("", views.home, name="home"),
    path("specialties/", views.specialties, name="specialties"),
    path("specialties/<uslug:slug>/", views.specialty, name="specialty"),
    path("specialties/<uslug:slug>/feed.atom", require_safe(SpecialtyFeed()), name="specialty_feed"),
    path("questions/<int:question_id>/<str:slug>/", views.thread, name="thread"),
    path("topics/<uslug:slug>/", views.topic, name="topic"),
    path("doctors/", views.doctors, name="doctors"),
    path("doctors/<uslug:slug>/", views.doctor, name="doctor"),
    path("about/", views.about, name="about"),
    path("privacy/", views.privacy, name="privacy"),
    path("search/", views.search, name="search"),
    path("feeds/latest.atom", require_safe(LatestFeed()), name="latest_feed"),
    path("robots.txt", views.robots, name="robots"),
    path(
        "sitemap.xml",
        require_safe(sitemap_views.index),
        {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap_part"},
        name="sitemap",
    ),
    path("sitemap-<section>.xml", require_safe(sitemap_views.sitemap), PARTS, name="sitemap_part"),
]
