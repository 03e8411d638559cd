"""Models of the operator's own as ONNX in a folder, on onnxruntime."""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # as in llm.minilm: before onnxruntime is imported, whatever else is set
