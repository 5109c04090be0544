"""Jobs that look at pictures: check, embed, preview, draw samples."""
