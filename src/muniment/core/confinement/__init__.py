"""What a process gives up of its own will: the system calls for it, and the lists of what it keeps."""
