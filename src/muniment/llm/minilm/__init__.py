"""all-MiniLM-L6-v2 on onnxruntime: weights from a pinned package, vocabulary from this folder, nothing fetched."""
