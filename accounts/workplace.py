"""The admins' workplace: Django's admin site, and the screens made for a task that apps add from their admin.py."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise

# A permission by its name, or a predicate of the user where one of several will do.
Permission = str | Callable[[Any], bool]


def _has(user, permission: Permission) -> bool:
    return permission(user) if callable(permission) else user.has_perm(permission)


@dataclass(frozen=True)
class Desk:
    """A task of the admins, with a place on the first page of those who have the permission.

    `waiting` counts what waits there, in bounded queries.
    """

    title: str | Promise
    about: str | Promise
    screen: str
    permission: Permission
    waiting: Callable[[], int] | None = None
    position: int = 100

    @property
    def url(self) -> str:
        return reverse(f"admin:{self.screen}")

    @property
    def number(self) -> int | None:
        return self.waiting() if self.waiting else None


class Workplace(admin.AdminSite):
    index_template = "admin/workplace.html"

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._screens: list[URLPattern] = []
        self._desks: list[Desk] = []

    def screen(self, route: str, name: str, permission: Permission) -> Callable:
        """Decorate a view for admins with the permission ("app.change_model"): /admin/`route`, name admin:`name`."""

        def add(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
            @wraps(view)
            def for_the_permitted(request: HttpRequest, *args, **kwargs) -> HttpResponse:
                if not _has(request.user, permission):
                    raise PermissionDenied
                return view(request, *args, **kwargs)

            self._screens.append(path(route, self.admin_view(for_the_permitted), name=name))
            return view

        return add

    def add_desk(self, **fields) -> None:
        """Give a task its place on the first page; the fields of Desk."""
        self._desks.append(Desk(**fields))

    def get_urls(self) -> list:
        return [*self._screens, *super().get_urls()]

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """The desks first, then Django's list of everything."""
        desks = [desk for desk in self._desks if _has(request.user, desk.permission)]
        desks.sort(key=lambda desk: (desk.position, desk.title))
        return super().index(request, {"desks": desks, **(extra_context or {})})


class WorkplaceConfig(AdminConfig):
    """In INSTALLED_APPS in the place of django.contrib.admin."""

    default_site = "accounts.workplace.Workplace"
