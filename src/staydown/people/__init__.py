"""Staff, their roles, and how they sign in. No victim accounts exist."""
