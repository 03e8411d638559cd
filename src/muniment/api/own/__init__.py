"""Our own API: what no other service has an address for. Documents with what became of their files, receipts."""
