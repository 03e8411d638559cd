"""The tamper-evident record of every act: outbox, Merkle log, checkpoints, receipts, verifier."""
