"""Real-or-AI: the service that answers whether a picture was made by AI."""
