/* PDQ of rectangles of a stepped canvas, compared with wanted bits (staydown.fingerprints.align, `crossings`).

   A canvas is `cells` + 1 cells a side; of it `cells` x `cells` steps are given (staydown.fingerprints.spectrum.stepped).
   Coefficients are sums over these steps of waves down times waves across, which `spectrum.waves` explains. The numpy
   form gives the same but for rounding. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "processors.h"

#define F 16         /* frequencies a side */
#define BITS (F * F) /* of a fingerprint */
#define WIDEST 128   /* cells, rounded up to whole vectors */
#define PI 3.14159265358979f

typedef float Row __attribute__((vector_size(F * sizeof(float)), aligned(sizeof(float))));
typedef int32_t Signs __attribute__((vector_size(F * sizeof(int32_t)), aligned(sizeof(int32_t))));

/* sin(k t) at the inner edges of one side, t going from 0 at its start to pi at its end: F x WIDEST, of which `cells`
   are used. Sine and cosine by their series about the middle, which errs by less than a float can say. */
INLINE void waves(float start, float end, size_t cells, float *restrict into) {
  float twice[WIDEST], scale = PI / (end - start), edge = 1.0f / (float)(cells + 1);
  size_t wide = (cells + F - 1) / F * F;
  for (size_t at = 0; at < wide; at++) {
    float angle = ((float)(at + 1) * edge - start) * scale;
    angle = angle < 0 ? 0 : angle > PI ? PI : angle;
    float from = angle - PI / 2, square = from * from;
    float sine = 1 + square * (-1.0f / 2 + square * (1.0f / 24 + square * (-1.0f / 720 + square * (1.0f / 40320 +
                 square * (-1.0f / 3628800 + square * (1.0f / 479001600))))));
    float cosine = from * (-1 + square * (1.0f / 6 + square * (-1.0f / 120 + square * (1.0f / 5040 + square *
                   (-1.0f / 362880 + square * (1.0f / 39916800))))));
    into[at] = sine;
    twice[at] = 2 * cosine;
  }
  for (size_t at = 0; at < wide; at++) into[WIDEST + at] = twice[at] * into[at];
  for (size_t k = 2; k < F; k++)
    for (size_t at = 0; at < wide; at++)
      into[k * WIDEST + at] = twice[at] * into[(k - 1) * WIDEST + at] - into[(k - 2) * WIDEST + at];
}

/* The side down, applied: of each column of steps its F sums, `cells` rows of F. */
INLINE void halved(const float *restrict steps, size_t cells, const float *restrict down, Row *restrict into) {
  Row turned[WIDEST];
  for (size_t at = 0; at < cells; at++)
    for (size_t k = 0; k < F; k++) turned[at][k] = down[k * WIDEST + at];
  memset(into, 0, cells * sizeof *into);
  size_t row = 0;
  for (; row + 4 <= cells; row += 4) {
    const float *first = steps + row * cells, *second = first + cells, *third = second + cells, *last = third + cells;
    Row one = turned[row], two = turned[row + 1], three = turned[row + 2], four = turned[row + 3];
    for (size_t at = 0; at < cells; at++)
      into[at] += first[at] * one + second[at] * two + third[at] * three + last[at] * four;
  }
  for (; row < cells; row++)
    for (size_t at = 0; at < cells; at++) into[at] += steps[row * cells + at] * turned[row];
}

#define TOGETHER 8 /* sums that are kept in registers */

/* What each coefficient is divided by: the products of its two orders, upside down. */
INLINE void parts(Row *into) {
  for (int k = 0; k < F; k++)
    for (int f = 0; f < F; f++) into[k][f] = 1.0f / (float)((k + 1) * (f + 1));
}

/* The coefficients, across frequency after across frequency, each of F down. */
INLINE void transformed(const Row *restrict half, const float *restrict across, size_t cells, const Row *part,
                        Row *restrict into) {
  for (size_t k = 0; k < F; k += TOGETHER, across += TOGETHER * WIDEST) {
    Row sums[TOGETHER] = {{0}};
    for (size_t at = 0; at < cells; at++)
      for (size_t some = 0; some < TOGETHER; some++) sums[some] += across[some * WIDEST + at] * half[at];
    for (size_t some = 0; some < TOGETHER; some++) into[k + some] = sums[some] * part[k + some];
  }
}

INLINE int up_to(const Row *coefficients, float most) {
  Signs count = {0};
  for (size_t k = 0; k < F; k++) count -= (Signs)(coefficients[k] <= most);
  int sum = 0;
  for (size_t f = 0; f < F; f++) sum += count[f];
  return sum;
}

#define MOST 24 /* guesses, before they are sorted */

static int smaller(const void *one, const void *other) {
  float first = *(const float *)one, second = *(const float *)other;
  return (first > second) - (first < second);
}

/* A tenth of how large the coefficients are in the mean: a first guess of how far their median is from zero. */
INLINE float stride(const Row *coefficients) {
  Row size = {0};
  float sum = 0;
  for (size_t k = 0; k < F; k++) size += (Row)((Signs)coefficients[k] & INT32_MAX);
  for (size_t f = 0; f < F; f++) sum += size[f];
  return sum / (10 * BITS);
}

/* A number that parts the coefficients as their lower median does: so that half are up to it. Sought from zero on, in
   growing strides, then between; if it is not found, as where two coefficients are equal, they are sorted. */
INLINE float parting(const Row *coefficients) {
  float low = 0, high = 0, step = stride(coefficients);
  int below = up_to(coefficients, 0), above = below, tries = 0;
  for (; below > BITS / 2 && step > 0 && tries < MOST; tries++, step *= 4)
    high = low, above = below, low -= step, below = up_to(coefficients, low);
  for (; above < BITS / 2 && step > 0 && tries < MOST; tries++, step *= 4)
    low = high, below = above, high += step, above = up_to(coefficients, high);
  if (below == BITS / 2) return low;
  if (above == BITS / 2) return high;
  for (; tries < MOST && below < above; tries++) {
    float share = tries % 2 ? 0.5f : ((float)(BITS / 2 - below)) / (float)(above - below);
    float between = low + (high - low) * share;
    int many = up_to(coefficients, between);
    if (many == BITS / 2) return between;
    if (many < BITS / 2) low = between, below = many;
    else high = between, above = many;
  }
  float sorted[BITS];
  memcpy(sorted, coefficients, sizeof sorted);
  qsort(sorted, BITS, sizeof *sorted, smaller);
  return sorted[BITS / 2 - 1];
}

/* Bits that differ from the wanted ones, which are 0 or -1. */
INLINE int64_t apart(const Row *coefficients, const Signs *wanted) {
  float median = parting(coefficients);
  Signs wrong = {0};
  for (size_t k = 0; k < F; k++) wrong -= (Signs)(coefficients[k] > median) ^ wanted[k];
  int64_t sum = 0;
  for (size_t f = 0; f < F; f++) sum += wrong[f];
  return sum;
}

/* Wanted bits (0 or 1), as signs; `turned`: sides exchanged. */
INLINE void signs(const uint8_t *wanted, int turned, Signs *into) {
  for (size_t k = 0; k < F; k++)
    for (size_t f = 0; f < F; f++) into[k][f] = -(int32_t)wanted[turned ? f * F + k : k * F + f];
}

typedef struct {
  const float *options; /* shift and stretch of each, as parts of the side */
  size_t each;
  float outside; /* of the canvas that a side may reach beyond it */
  const Row *parts;
} Options;

INLINE int tried(const float *option, float start, float end, float outside, float *from, float *to) {
  float length = end - start, middle = (start + end) / 2 + option[0] * length, half = length * (1 + option[1]) / 2;
  *from = middle - half;
  *to = middle + half;
  return *from >= -outside && *to <= 1 + outside;
}

/* The best option for a side, the first of equals; one that reaches too far only where all do. */
INLINE int64_t along(const Row *half, size_t cells, const Signs *wanted, Options options, float *start, float *end) {
  float across[F * WIDEST], from, to, begin = *start, finish = *end;
  int64_t best = INT64_MAX;
  Row coefficients[F];
  for (int beyond = 0; beyond < 2 && best == INT64_MAX; beyond++)
    for (size_t at = 0; at < options.each; at++) {
      int within = tried(options.options + 2 * at, begin, finish, options.outside, &from, &to);
      if (within == beyond) continue;
      waves(from, to, cells, across);
      transformed(half, across, cells, options.parts, coefficients);
      int64_t bits = apart(coefficients, wanted);
      if (bits < best) best = bits, *start = from, *end = to;
    }
  return best;
}

/* Moves `count` boxes (left, top, right, bottom), each on its canvas, towards its wanted bits (BITS bytes, 0 or 1):
   first across, then down, in `rounds` rounds with `each` options. `down`: where the steps of each canvas are;
   `across`: the same with sides exchanged. Into `distances` go the bits that still differ. */
ON_ANY_PROCESSOR
void staydown_aligned(const float *const *down, const float *const *across, size_t cells, float *boxes, size_t count,
                      const uint8_t *wanted, const float *options, size_t each, size_t rounds, float outside,
                      int64_t *distances) {
  Row part[F];
  parts(part);
  for (; count; count--, boxes += 4, down++, across++, wanted += BITS, distances++) {
    Signs upright[F], turned[F];
    Row half[WIDEST];
    float side[F * WIDEST];
    signs(wanted, 0, upright);
    signs(wanted, 1, turned);
    for (size_t round = 0; round < rounds; round++) {
      Options some = {options + round * each * 2, each, outside, part};
      waves(boxes[1], boxes[3], cells, side);
      halved(*down, cells, side, half);
      along(half, cells, turned, some, &boxes[0], &boxes[2]);
      waves(boxes[0], boxes[2], cells, side);
      halved(*across, cells, side, half);
      *distances = along(half, cells, upright, some, &boxes[1], &boxes[3]);
    }
  }
}

/* The bits that differ of `count` crossings (of which column, of which row) of intervals (start and end) of one canvas.
   1: done; 0: there was no memory. */
ON_ANY_PROCESSOR
int staydown_crossed(const float *steps, size_t cells, const float *columns, const float *rows, size_t intervals,
                     const int64_t *crossings, size_t count, const uint8_t *wanted, int64_t *distances) {
  float(*across)[F * WIDEST] = malloc(intervals * sizeof *across);
  Row(*half)[WIDEST] = malloc(intervals * sizeof *half);
  uint8_t *made = calloc(intervals, 2);
  int done = across && half && made;
  Row part[F];
  parts(part);
  for (; done && count; count--, crossings += 2, wanted += BITS, distances++) {
    size_t column = (size_t)crossings[0], row = (size_t)crossings[1];
    if (!made[2 * column]) waves(columns[2 * column], columns[2 * column + 1], cells, across[column]);
    if (!made[2 * row + 1]) {
      float down[F * WIDEST];
      waves(rows[2 * row], rows[2 * row + 1], cells, down);
      halved(steps, cells, down, half[row]);
    }
    made[2 * column] = made[2 * row + 1] = 1;
    Row coefficients[F];
    Signs turned[F];
    signs(wanted, 1, turned);
    transformed(half[row], across[column], cells, part, coefficients);
    *distances = apart(coefficients, turned);
  }
  free(across);
  free(half);
  free(made);
  return done;
}
