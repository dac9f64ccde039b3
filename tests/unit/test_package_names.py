"""The project's top-level names are general words: they must not hide a module of any dependency."""

from __future__ import annotations

import importlib
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

OURS = {"schema", "service", "workers"}
ROOT = Path(__file__).resolve().parents[2]
NOT_FOR_IMPORT = {"tests", "test", "py", "vba_extract", "xdist", "setuptools", "pkg_resources", "distutils"}
"""Tests that a package left lying about, a shim of pytest's, a script, a plugin, and what only builds packages."""


def top_level_names() -> set[str]:
    """Every importable top-level name that an installed package brings."""
    names: set[str] = set()
    for distribution in distributions():
        if distribution.metadata["Name"] == "unassessed-risk-tracker":
            continue
        for file in distribution.files or ():
            first = file.parts[0]
            if len(file.parts) > 1 and file.suffix in {".py", ".so"}:
                names.add(first)
            elif len(file.parts) == 1 and file.suffix == ".py":
                names.add(first.removesuffix(".py"))
    return {name for name in names if name.isidentifier() and not name.startswith("_")}


def test_no_dependency_brings_a_package_of_our_name() -> None:
    assert not OURS & top_level_names()


def test_our_packages_are_the_ones_that_are_imported() -> None:
    for name in OURS:
        origin = importlib.import_module(name).__file__
        assert origin is not None
        assert Path(origin).parent == ROOT / name


def test_every_dependency_imports_beside_ours() -> None:
    wanted = sorted(top_level_names() - NOT_FOR_IMPORT)
    script = f"""
import importlib, schema, service, workers
for name in {wanted!r}:
    try:
        importlib.import_module(name)
    except Exception as error:
        raise SystemExit(f"{{name}}: {{error!r}}")
"""
    command = [sys.executable, "-W", "ignore", "-c", script]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {"litestar", "asyncpg", "msgspec", "arq", "schemathesis"} <= set(wanted)
