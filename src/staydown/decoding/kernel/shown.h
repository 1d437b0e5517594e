/* Whether the blocks of a JPEG have the mean of what is shown of them.

What is brighter than white is shown as white. So a block's mean, which stands in its first coefficient, may be any,
however it looks: one sample of 64 that is far beyond white moves it by as much as somebody wants. A few blocks, by
chance, are therefore made whole. */
#ifndef STAYDOWN_SHOWN_H
#define STAYDOWN_SHOWN_H
#include <stdint.h>

#define ACROSS 8 /* samples of a block's side */

typedef struct {
  uint64_t until, every, chance; /* blocks to the next that is compared, itself among them; how many in the mean */
  double apart, count;           /* of those compared, by how much they differ together; how many they are */
  float waves[ACROSS][ACROSS];
} shown_t;

void staydown_shown(shown_t *shown, uint64_t every, uint64_t chance);

/* Compare a block, its coefficients in the order of the file. 0: what is shown of it differs by far too much. */
int staydown_is_shown(shown_t *shown, const int *found, const uint16_t *quantisers);

/* Whether what is shown is, in the mean of all that were compared, what their means say. */
int staydown_all_shown(const shown_t *shown);

#endif
