from sphinx_essays import __version__

project = "sphinx-essays"
author = "The sphinx-essays authors"
copyright = "2026, the sphinx-essays authors"
version = release = __version__
language = "en_GB"

extensions = ["sphinx_essays"]
html_theme = "essays"

smartquotes = True
