from django.core.cache.backends.locmem import LocMemCache


class AfreshCache(LocMemCache):
    """The site's cache of pages, but for whole threads: each reader's is rendered afresh."""

    def get(self, key, default=None, version=None):
        return default if key.startswith("thread:") else super().get(key, default, version)

    def set(self, key, value, *args, **kwargs) -> None:
        if not key.startswith("thread:"):
            super().set(key, value, *args, **kwargs)
