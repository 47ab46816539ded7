"""Files: taken in, checked, kept, handed out."""
