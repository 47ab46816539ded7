"""验签: what a file's seals are worth, for people and for partners (F-49, F-50)."""
