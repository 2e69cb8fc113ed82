"""What made the shipped models, and makes the next ones."""
