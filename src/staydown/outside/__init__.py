"""The only door to the network: every other room asks here, and nothing here follows a stranger's link inwards."""
