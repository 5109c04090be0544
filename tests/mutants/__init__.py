"""Small mistakes put into the program one at a time, to see which of them the unit tests notice."""
