project = "Twins"
author = "A. N. Author"
extensions = ["sphinx_essays"]
language = "en_GB"
