"""Scorers: one file a metric, pure functions from an answer and a reference to a number between 0 and 1.

Each module has a ``VERSION``, raised with every change that can change a score: it is part of a stored score's
identity, as ``metric/version``.
"""
