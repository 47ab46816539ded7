"""The only layer that knows Flask."""
