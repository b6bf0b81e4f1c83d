project = "镇上的钟"
author = "无名氏"
language = "zh_CN"

extensions = ["sphinx_essays"]
