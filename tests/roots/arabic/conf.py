project = "ساعة البلدة"
author = "س. الراوي"
language = "ar"
smartquotes = False

extensions = ["sphinx_essays"]
