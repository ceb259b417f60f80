"""What comes with reminders beside the day's proposals: lists that were sent, what is to come, the collectors' work."""
