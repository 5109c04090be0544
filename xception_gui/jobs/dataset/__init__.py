"""Jobs on pictures: check, embed, preview, draw samples."""
