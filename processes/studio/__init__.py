"""What process designers work on: a family's files as drafts, with their history, apart from what is deployed."""
