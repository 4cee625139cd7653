"""What the office puts on paper: slips. Drawn by typst, so that Arabic is shaped and ordered as in print."""
