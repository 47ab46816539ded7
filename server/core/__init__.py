"""What every package builds on: no word of the domain."""
