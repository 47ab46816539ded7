"""People log in at a partner by QR code (decision 0018)."""
