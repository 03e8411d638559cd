"""The doors to an account: sign in, sign out, My Profile."""
