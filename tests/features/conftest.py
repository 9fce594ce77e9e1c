from __future__ import annotations

from typing import Any

import pytest

from tests import specs_bindings


def pytest_bdd_apply_tag(tag: str, function: Any) -> bool:
    """Tags such as ``@TBT-2.2`` name clauses of law; pytest knows them as one marker."""
    pytest.mark.clause(tag)(function)
    return True


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "clause(name): the clause of law that a scenario is about")
    config.pluginmanager.register(specs_bindings)
