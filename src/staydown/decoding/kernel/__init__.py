"""What of decoding is in C, where a compiler was there when Staydown was installed (see `staydown.decoding.lowest`)."""
