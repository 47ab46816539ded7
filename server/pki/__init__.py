"""Certificates, revocation data and time stamps: a library without database or web."""
