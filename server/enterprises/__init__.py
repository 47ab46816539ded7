"""Companies and who represents them."""
