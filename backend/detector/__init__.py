"""Experts, stack, calibration and the model card: pixels in, verdict out."""
