"""Programs for setting up and starting the product on one machine."""
