"""Bytes → documents: one module for each format, each with a function ``read``.

A reader yields a ``Document`` for each article or text that the file holds apart, and a
``DocumentError`` for each part that cannot be read, so that one bad part does not stop the others.
It raises when nothing can be read. No reader opens another file, runs anything that a file
brings, or asks the network for anything.
"""
