"""Electronic seals: their state, period and impression."""
