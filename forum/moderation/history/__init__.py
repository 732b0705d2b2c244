"""What happened: decisions, row history and what history has of itself, as one list, newest first."""
