"""HTTP doubles of outside services: programs of their own, refused in production."""
