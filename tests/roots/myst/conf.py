project = "Twins"
author = "A. N. Author"
extensions = ["myst_parser", "sphinx_essays"]
language = "en_GB"
myst_enable_extensions = ["colon_fence"]
