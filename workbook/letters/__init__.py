"""What a reminder says and how it leaves the house: texts filled in, letters, e-mails, text messages."""
