"""Signing tasks: from the first QR to the sealed file."""
