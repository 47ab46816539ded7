"""The outside world, one folder for each kind of service.

A kind is a Protocol with its errors; each implementation is a file beside it. An implementation
that exists for development says so by `development_only = True`.
"""
