"""What a change of a table means, whatever host carries it out."""
