"""Parts that pages are made of. They show what they are given and know nothing of engines."""
