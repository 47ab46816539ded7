"""Sealing PDF files: bytes in, bytes out."""
