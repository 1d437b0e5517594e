"""What is kept until when, what keeps it longer, and its destruction: by two people, or by the timer where policy says so."""
