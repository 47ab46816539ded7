"""The backend of the Guangxi unified electronic seal."""
