"""Reviewers: who decides on applications under /admin, by logins of their own."""
