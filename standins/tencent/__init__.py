"""Tencent Cloud's text messages and face checks, as far as the product uses them, for tests."""
