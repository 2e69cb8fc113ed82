"""Image collections: manifests, splits and hygiene."""
