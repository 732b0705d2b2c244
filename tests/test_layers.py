"""Imports run downhill only (house.md)."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Each layer may import those before it. Apps of one layer may not import each other, but for accounts -> specialties.
LAYERS = [
    ["history"],
    ["safety", "specialties", "texts", "uploads"],
    ["accounts"],
    ["questions"],
    ["replies"],
    ["articles"],
    ["search"],
    ["notifications"],
    ["moderation"],
    ["threads", "archive", "operations"],
]
HEIGHT = {app: height for height, apps in enumerate(LAYERS) for app in apps}


def app_of(module: str) -> str | None:
    """The app that a dotted module name belongs to; None outside the project's apps."""
    parts = module.split(".")
    name = parts[1] if parts[0] == "forum" and len(parts) > 1 else parts[0]
    return name if name in HEIGHT and parts[0] in ("forum", "accounts") else None


def imported(tree: ast.AST) -> list[str]:
    modules = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            modules += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return modules


def climbing(path: Path, source: str) -> list[str]:
    """The imports of a file that go to an app of its own height or above."""
    own = app_of(".".join(path.with_suffix("").parts))
    targets = {app_of(module) for module in imported(ast.parse(source))} - {None, own}
    return sorted(target for target in targets if HEIGHT[target] >= HEIGHT[own])


FILES = [
    path.relative_to(ROOT)
    for folder in ("accounts", "forum")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts and path.parent != ROOT / "forum"
]


@pytest.mark.parametrize("path", FILES, ids=str)
def test_imports_run_downhill(path):
    assert climbing(path, (ROOT / path).read_text()) == []


def test_a_climbing_import_is_found():
    assert climbing(Path("forum/questions/x.py"), "from forum.replies import models") == ["replies"]
    assert climbing(Path("forum/threads/x.py"), "import forum.archive.records") == ["archive"]
    assert climbing(Path("accounts/x.py"), "from forum.specialties.models import Specialty") == []
    assert climbing(Path("forum/specialties/x.py"), "from accounts import models") == ["accounts"]
