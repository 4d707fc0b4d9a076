from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def origin_of(module: str) -> Path:
    """Where a fresh interpreter, started in the root of the repository with it on its path, finds a module."""
    code = f"import sys; sys.path.insert(0, ''); import {module} as found; print(found.__file__)"
    return Path(
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    )


def test_graphql_core_is_not_hidden_by_the_folder_of_its_name() -> None:
    for module in ("graphql", "graphql.language"):
        found = origin_of(module)
        assert "site-packages" in found.parts
        assert not found.is_relative_to(ROOT / "graphql")


def test_the_folder_of_that_name_is_no_package() -> None:
    assert (ROOT / "graphql").is_dir()
    assert not (ROOT / "graphql" / "__init__.py").exists()
