"""What training wrote; nothing here ever writes to it."""
