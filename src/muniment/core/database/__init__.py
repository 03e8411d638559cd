"""Django's SQLite backend on SQLCipher: the control plane is one encrypted file."""
