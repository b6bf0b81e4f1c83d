"""What the tests share: books, browsers, tools that may be missing, texts, the live server.

The fixtures are pytest plug-ins, loaded by ``conftest.py``. Everything else is imported:
``from support.books import Book``.
"""
