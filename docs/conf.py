from __future__ import annotations

import sys
from pathlib import Path

from sphinx_essays import __version__

sys.path.insert(0, str(Path(__file__).parent))

project = "sphinx-essays"
author = "The sphinx-essays authors"
copyright = "2026, the sphinx-essays authors"
version = release = __version__
language = "en_GB"

extensions = ["sphinx_essays", "specimen"]
html_theme = "essays"
html_static_path = ["_static"]

smartquotes = True
