"""`/partner/v1`: approval systems call it with their API keys."""
