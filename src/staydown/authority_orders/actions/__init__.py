"""The verbs of authority orders: received, completed, called back, carried out, answered; refused, or taken back."""
