"""签章 of one's own files on the phone (F-46 to F-48): chosen, placed, submitted in one act."""
