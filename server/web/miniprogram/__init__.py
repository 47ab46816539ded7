"""`/mp/v1`: the mini-program calls it with the token of its login; cookies count for nothing."""
