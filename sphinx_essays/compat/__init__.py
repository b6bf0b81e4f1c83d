"""Every use of something that Sphinx, uvicorn or sphinx-autobuild do not document.

Each is one named function with the place upstream, so that a new release can be checked
here alone; ``tests/project/test_compat.py`` says of each what upstream must still do.
``environment`` and ``search`` import Sphinx; ``servers`` does not, because the process that
serves the live preview never loads it.
"""
