"""What the sheets are called, how to read and write them, and what a user can ask for."""
