"""The verbs of the bank: `checking` answers what is to be uploaded, `meeting` what is published; `keeping` changes what the
entries are.
"""
