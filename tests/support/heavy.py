"""Tests that are too slow for every run: ``pytest -m heavy``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

heavy = pytest.mark.heavy


def heavy_except(values: Iterable[Any], *always: Any) -> list[Any]:
    """Values for ``parametrize``: those in `always` in every run, the others when heavy."""
    return [one if one in always else pytest.param(one, marks=heavy) for one in values]
