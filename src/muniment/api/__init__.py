"""The HTTP doors for programs: health, readiness, metrics."""
