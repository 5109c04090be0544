"""What is kept between starts because it takes long to compute."""
