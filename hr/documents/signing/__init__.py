"""Signing documents. Whatever is imported from here finds names of every letter readable."""

from hr.documents.signing import names

names.install()
