"""Certificates and the keys behind them, opened by a signing PIN."""
