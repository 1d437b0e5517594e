"""What the platform API takes and answers."""
