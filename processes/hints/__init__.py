"""Hints while a model is drawn: what is wrong, which variables an expression may name, what can be put in."""
