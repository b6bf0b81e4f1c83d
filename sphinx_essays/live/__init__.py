"""The writing loop: drives Sphinx from outside, and shows each save at once.

What holds Sphinx (``worker``, ``building``) and what serves (``session``, ``loop``) are
different processes, so this file imports neither.
"""

from __future__ import annotations

# The words that a zygote knows: fork a worker for a build; import what builds will need.
BUILD, LEARN = b"b", b"l"
