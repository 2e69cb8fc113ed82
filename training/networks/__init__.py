"""One file per architecture, each a function that builds a Keras 3 model."""
