"""Namespaces of OpenDocument."""

_BASE = "urn:oasis:names:tc:opendocument:xmlns"
OFFICE, TEXT, TABLE = f"{{{_BASE}:office:1.0}}", f"{{{_BASE}:text:1.0}}", f"{{{_BASE}:table:1.0}}"
DRAW, STYLE, PRESENTATION = f"{{{_BASE}:drawing:1.0}}", f"{{{_BASE}:style:1.0}}", f"{{{_BASE}:presentation:1.0}}"
FORMAT, SVG = f"{{{_BASE}:xsl-fo-compatible:1.0}}", f"{{{_BASE}:svg-compatible:1.0}}"
