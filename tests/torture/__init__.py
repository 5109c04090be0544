"""Long versions of some tests, as scripts: thousands of damaged files, a hundred kills."""
