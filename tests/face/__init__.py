"""The face: the style sheet, the fonts, the purse bar, and the ballot paper in a browser."""
