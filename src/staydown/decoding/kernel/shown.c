/* Whether the blocks of a JPEG have the mean of what is shown of them: shown.h says why. */
#include "shown.h"

#include <math.h>

#define FARTHEST 12.0 /* of 255, of one block; text saved badly has as much */
#define FAR 2.0       /* in the mean of those compared; photographs have 0.3, whatever their quality */
#define PI 3.14159265358979323846

/* The place, row by row, of each coefficient as the file has them (ITU-T T.81, figure 5). */
static const uint8_t zigzag[ACROSS * ACROSS] = {
  0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,  12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6,  7,  14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63};

/* A xorshift generator: whoever made the file must not know which blocks it will be. */
static void next(shown_t *shown) {
  uint64_t chance = shown->chance | 1;
  chance ^= chance << 13, chance ^= chance >> 7, chance ^= chance << 17;
  shown->chance = chance;
  shown->until = 1 + (chance >> 16) % (2 * shown->every - 1);
}

void staydown_shown(shown_t *shown, uint64_t every, uint64_t chance) {
  *shown = (shown_t){.every = every, .chance = chance};
  for (int wave = 0; wave < ACROSS; wave++)
    for (int at = 0; at < ACROSS; at++)
      shown->waves[wave][at] = (float)((wave ? 0.5 : sqrt(0.125)) * cos((2 * at + 1) * wave * PI / 16));
  next(shown);
}

/* One side of the inverse transform: rows of `from` into columns of `into`. */
static void transformed(const float waves[ACROSS][ACROSS], const float *restrict from, float *restrict into) {
  for (int row = 0; row < ACROSS; row++) {
    float sums[ACROSS] = {0};
    for (int wave = 0; wave < ACROSS; wave++)
      for (int at = 0; at < ACROSS; at++) sums[at] += waves[wave][at] * from[row * ACROSS + wave];
    for (int at = 0; at < ACROSS; at++) into[at * ACROSS + row] = sums[at];
  }
}

static float within(float brightness) { return brightness < -128 ? -128 : brightness > 127 ? 127 : brightness; }

/* No sample can be farther than this from the middle grey: no wave is higher than a quarter. */
static float reach(const float *block) {
  float sum = 0;
  for (int at = 1; at < ACROSS * ACROSS; at++) sum += fabsf(block[at]);
  return fabsf(block[0]) / ACROSS + sum / 4;
}

int staydown_is_shown(shown_t *shown, const int *found, const uint16_t *quantisers) {
  float block[ACROSS * ACROSS], half[ACROSS * ACROSS], seen[ACROSS * ACROSS], sum = 0;
  double apart = 0;
  for (int at = 0; at < ACROSS * ACROSS; at++) block[zigzag[at]] = (float)found[at] * quantisers[at];
  if (reach(block) > 127) {
    transformed(shown->waves, block, half);
    transformed(shown->waves, half, seen);
    for (int at = 0; at < ACROSS * ACROSS; at++) sum += within(seen[at]);
    apart = fabs((double)(sum / (ACROSS * ACROSS) - within(block[0] / ACROSS)));
  }
  shown->apart += apart, shown->count++;
  next(shown);
  return apart <= FARTHEST;
}

int staydown_all_shown(const shown_t *shown) { return shown->apart <= FAR * shown->count; }
