"""Who may use which seal, how often and until when."""
