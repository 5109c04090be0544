"""Results that are slow to compute, kept between starts."""
