"""Documents to keep: verdicts and evidence on many pictures as PDF, ZIP, CSV or JSON."""
