"""A replica of the indexes on a machine of the cluster: it knows the fingerprint key, and nothing else of a deployment."""

from staydown.site import options

FINGERPRINT_KEY, *FORMER_FINGERPRINT_KEYS = (bytes.fromhex(key) for key in options.values("FINGERPRINT_KEY"))
