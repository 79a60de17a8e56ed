"""What goes into an evidence package to check it: it imports nothing of ours and is imported by us."""
