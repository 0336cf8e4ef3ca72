"""What the worker does for each verb of a task."""
