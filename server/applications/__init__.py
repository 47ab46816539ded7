"""Applications for seals: drafted, submitted, reviewed, certified, issued (F-19 to F-25)."""
