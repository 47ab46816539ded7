"""Approval systems that embed signing, and their keys."""
