"""FEEL values: what they are, how they are equal, ordered, added, shown and taken from and given to Python."""
