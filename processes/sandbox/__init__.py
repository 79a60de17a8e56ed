"""Trying a draft: a story in progress, on a stage of its own.

What is kept is how it began (files, people, systems, the hour) and the steps that were done. The stage itself, a
database with a clock that stands still and outside systems in memory, is a cache: whichever node is asked next makes
it again by taking the steps again. So nodes keep no state, and a step back is all steps but the last.
"""
