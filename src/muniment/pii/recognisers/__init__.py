"""Rules, one file for each family. Each is pure, and linear in the text: every repetition in a pattern is bounded."""
