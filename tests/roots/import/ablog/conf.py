import os

import ablog
os.system("touch was-run")
project = "Site"
author = "A. N. Author"
blog_title = "Small Change"
blog_baseurl = "https://www.example.org/"
blog_authors = {"ana": ("Ana N. Author", None)}
post_date_format = "%d/%m/%Y"
extensions = ["ablog", "sphinx.ext.extlinks", "sphinx_foo", ablog.x]
language = "en"
exclude_patterns = ["drafts/*"]
templates_path = [ablog.get_html_templates_path()]
