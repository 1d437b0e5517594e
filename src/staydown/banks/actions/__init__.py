"""The verbs of the bank: `meeting` answers what resembles an entry, `keeping` changes what the entries are."""
