"""What is done to many instances, and to those that are over: batches, retention, holds."""
