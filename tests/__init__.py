"""Tests mirror the code; their names are sentences about the rule."""
