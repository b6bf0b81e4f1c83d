"""Find Typst's compiler."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType


def find_typst() -> ModuleType | None:
    """Return Typst's compiler, or None where it has no wheel for the platform."""
    try:
        import typst  # noqa: PLC0415 (not on every platform)
    except ImportError:
        return None
    return typst
