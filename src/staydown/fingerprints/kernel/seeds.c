/* Which pairs of a window of an upload and a window of an entry are most alike (staydown.fingerprints.seeds). */
#include <stddef.h>
#include <stdint.h>

#include "processors.h"

int staydown_verify_interface(void) { return 1; } /* see INTERFACE in the Python code */

#define WORD 64
#define BLOCK 32 /* pairs that are passed over together, where none of them is near */

INLINE size_t up_to(const uint8_t *some, size_t count, uint8_t most) {
  size_t found = 0, at = 0;
  while (at < count) {
    uint8_t here = 0; /* of as many as a byte can count */
    for (size_t end = at + 192 < count ? at + 192 : count; at < end; at++) here += some[at] <= most;
    found += here;
  }
  return found;
}

INLINE int any(const uint8_t *some, uint8_t most) {
  uint8_t found = 0;
  for (size_t at = 0; at < BLOCK; at++) found |= some[at] <= most;
  return found;
}

/* Of each of `looks` words and each of `windows` words the bits that differ, or that agree where those are fewer: into
   `nearest`, look after look; but not fewer than `least` says of a window. Then into `pairs` go the places in `nearest`
   of the `most` that are smallest, in order; of equals the first. How many they are. */
ON_ANY_PROCESSOR
size_t staydown_seeds(const uint64_t *looks, size_t count, const uint64_t *windows, const uint64_t *least, size_t each,
                      uint8_t *nearest, size_t most, int64_t *pairs) {
  for (size_t look = 0; look < count; look++)
    for (size_t window = 0; window < each; window++) {
      uint64_t bits = (uint64_t)__builtin_popcountll(looks[look] ^ windows[window]);
      bits = bits < WORD - bits ? bits : WORD - bits;
      nearest[look * each + window] = (uint8_t)(bits > least[window] ? bits : least[window]);
    }
  size_t all = count * each, found = 0;
  uint8_t low = 0, high = WORD; /* the least number that `most` are up to */
  while (low < high) {
    uint8_t middle = (uint8_t)((low + high) / 2);
    if (up_to(nearest, all, middle) < most) low = (uint8_t)(middle + 1);
    else high = middle;
  }
  size_t nearer = low ? up_to(nearest, all, (uint8_t)(low - 1)) : 0;
  size_t equals = most > nearer ? most - nearer : 0;
  for (size_t at = 0; at < all && found < most; at++) {
    while (at % BLOCK == 0 && at + BLOCK <= all && !any(nearest + at, low)) at += BLOCK;
    if (at == all || nearest[at] > low || (nearest[at] == low && !equals)) continue;
    equals -= nearest[at] == low;
    pairs[found++] = (int64_t)at;
  }
  return found;
}
