"""The staff console: where calls are launched and watched, replies sorted, and letters written."""
