"""Figures of runs: each as SVG and PNG, with the numbers behind it as CSV."""
