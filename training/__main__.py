"""`python -m training`."""

import os

# Before TensorFlow is imported: warnings and errors are shown, what it tells of itself is not.
# (TensorFlow 2.21 says one such thing, that oneDNN is on, before it looks here.)
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "1")

from training.cli import app

app()
