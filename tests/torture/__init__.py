"""Scripts that do at length what some tests do shortly: thousands of damaged files, a hundred kills."""
