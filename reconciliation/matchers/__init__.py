"""Matchers: each file beside this one that declares MATCHER is one way to find the order of a line (base.py)."""
