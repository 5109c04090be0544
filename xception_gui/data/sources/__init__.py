"""Sources make a data set: a row for each picture, with what is known of it before it is opened."""
