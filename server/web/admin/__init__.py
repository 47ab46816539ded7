"""/admin: the review desk, for reviewers alone."""
