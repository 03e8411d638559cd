"""People: users, passwords, sessions. Registration is closed."""
