"""Walls around the programs that read files: a hostile file can kill only the child that reads it."""
