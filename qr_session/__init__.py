"""QR sessions: a web page shows a code, a phone scans and confirms it, the page takes the result."""
