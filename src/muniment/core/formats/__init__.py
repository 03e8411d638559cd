"""How dates are written in each language: templates name a format of Django's, never letters of their own."""
