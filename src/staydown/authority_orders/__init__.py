"""Authority orders: what authorities order us to remove or to preserve, checked, clocked, carried out and answered."""
