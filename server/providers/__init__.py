"""The outside world, one folder for each kind of service."""
