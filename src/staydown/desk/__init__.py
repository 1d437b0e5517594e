"""The desk: what an authority's officers and a trusted flagger's see and send, by pages and by an API. No staff here."""
