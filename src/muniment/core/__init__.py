"""What every room stands on: ids, clock, errors, actors, permissions, registries. Knows no room."""
