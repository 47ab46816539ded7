"""A demo approval system: what a partner builds to have its users' files sealed."""
