"""Functions that ours is compared with at cold start."""
