"""Sources of data sets: each makes a row for every picture, with what is known before the file is opened."""
