/* PDQ's last steps (staydown.decoding.pdq). */
#include "reduce.h"

#define SIDE 64
#define MOST 100

static inline int step(float one, float other) {
  int per_cent = (int)((one - other) * 100.0f / 255.0f);
  return per_cent < 0 ? -per_cent : per_cent;
}

/* PDQ's quality of each of `count` brightnesses of 64 x 64 floats: steps between neighbours, in whole per cent. */
ON_ANY_PROCESSOR
void staydown_quality(const float *lumas, size_t count, uint8_t *into) {
  for (; count; count--, lumas += SIDE * SIDE) {
    int steps = 0;
    for (int at = 0; at < SIDE * (SIDE - 1); at++) steps += step(lumas[at], lumas[at + SIDE]);
    for (int row = 0; row < SIDE; row++)
      for (int at = row * SIDE; at < row * SIDE + SIDE - 1; at++) steps += step(lumas[at], lumas[at + 1]);
    *into++ = (uint8_t)(steps / 90 < MOST ? steps / 90 : MOST);
  }
}

#define NUMBERS 256 /* coefficients of a picture, and bits of a fingerprint */
#define FLIPS 4
#define FORMS 8

/* A whole number for each number that is there, in the same order. Nought has one, whatever its sign. */
static inline int32_t ordered(float number) {
  union { float number; int32_t bits; } same = {number + 0.0f};
  return same.bits ^ (same.bits >> 31 & INT32_MAX);
}

/* Which of a picture's coefficients are above their lower median: the highest number below which less than half of them
   are, found bit by bit. */
ON_ANY_PROCESSOR
static void above(const float *restrict coefficients, uint8_t *restrict into) {
  int32_t numbers[NUMBERS], median = INT32_MIN;
  for (int at = 0; at < NUMBERS; at++) numbers[at] = ordered(coefficients[at]);
  for (uint32_t bit = 1u << 31; bit; bit >>= 1) {
    int32_t higher = (int32_t)((uint32_t)median + bit), smaller = 0;
    for (int at = 0; at < NUMBERS; at++) smaller += numbers[at] < higher;
    if (smaller < NUMBERS / 2) median = higher;
  }
  for (int at = 0; at < NUMBERS; at++) into[at] = numbers[at] > median;
}

/* PDQ's last step: the quality of a brightness, and 32 bytes of each of eight forms. `places` says of which of the four
   flips' coefficients each bit is made, the highest bit of the first byte first. */
void staydown_pdq(const float *coefficients, const float *luma, const int32_t *places, uint8_t *into) {
  uint8_t truths[FLIPS * NUMBERS];
  for (int flip = 0; flip < FLIPS; flip++) above(coefficients + flip * NUMBERS, truths + flip * NUMBERS);
  staydown_quality(luma, 1, into++);
  for (int byte = 0; byte < FORMS * NUMBERS / 8; byte++, places += 8) {
    uint8_t bits = 0;
    for (int bit = 0; bit < 8; bit++) bits = (uint8_t)(bits << 1 | truths[places[bit]]);
    into[byte] = bits;
  }
}
