"""What a file says about its own origin: marks of cameras, of software, of AI generators."""
