"""Who from outside may order or flag: authorities and trusted flaggers, how each was verified, their officers and keys."""
