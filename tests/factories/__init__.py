"""What tests are made of: files, people, companies, whole products."""
