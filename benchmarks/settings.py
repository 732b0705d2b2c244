"""The site's own settings and what the measurements add: two views to compare with, and a page rendered afresh."""

import os

from config.settings import *  # noqa: F403
from config.settings import CACHES, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks"]
ROOT_URLCONF = "benchmarks.urls"

if os.environ.get("BENCHMARK_AFRESH"):
    CACHES["pages"]["BACKEND"] = "benchmarks.caching.AfreshCache"
