"""What is compared, and the scripts that compare it."""
