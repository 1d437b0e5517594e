/* A luminance made smaller by a whole number: the mean of each square of floats, or of what is there of it
   (staydown.decoding.luminance, staydown.decoding.regions). */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rounding.h"

#define MOST 8 /* to be made smaller by: of more, numpy adds up in another order */

ON_ANY_PROCESSOR
static void added(const float *restrict from, size_t count, float *restrict into) {
  for (size_t at = 0; at < count; at++) into[at] += from[at];
}

/* As np.add.reduceat has it: the first, and to it the sum of the others; so do rows, below. */
static inline float sum_of(const float *from, size_t count) {
  if (count == 1) return from[0];
  float others = from[1];
  for (size_t at = 2; at < count; at++) others += from[at];
  return from[0] + others;
}

/* `into` is ceil(height / fold) rows of ceil(width / fold). 1: done; 0: too large, or there was no memory. */
int staydown_means(const float *from, size_t width, size_t height, size_t fold, float *into) {
  float *sums = malloc(width * sizeof *sums);
  if (!sums || fold > MOST || fold == 0) return free(sums), 0;
  for (size_t row = 0; row < height; row += fold) {
    size_t rows = height - row < fold ? height - row : fold, whole = width / fold * fold, at = 0;
    memset(sums, 0, width * sizeof *sums);
    for (size_t each = 1; each <= rows; each++) added(from + (row + each % rows) * width, width, sums);
    for (; at < whole; at += fold) *into++ = (float)((double)sum_of(sums + at, fold) / (double)(rows * fold));
    if (at < width) *into++ = (float)((double)sum_of(sums + at, width - at) / (double)(rows * (width - at)));
  }
  free(sums);
  return 1;
}

/* Every `fold`-th is added. */
ON_ANY_PROCESSOR
static void apart(const float *restrict from, size_t fold, size_t count, float *restrict into) {
  if (fold == 2)
    for (size_t at = 0; at < count; at++) into[at] += from[2 * at];
  else
    for (size_t at = 0; at < count; at++) into[at] += from[fold * at];
}

/* Means of whole squares only, of those samples of each one after the other, by rows. `into` is height / fold rows of
   width / fold. */
void staydown_shrunk(const float *from, size_t width, size_t height, size_t fold, float *into) {
  size_t columns = width / fold;
  for (size_t row = 0; row < height / fold; row++, from += fold * width, into += columns) {
    memset(into, 0, columns * sizeof *into);
    for (size_t at = 0; at < fold * fold; at++) apart(from + at / fold * width + at % fold, fold, columns, into);
    for (size_t column = 0; column < columns; column++) into[column] /= (float)(fold * fold);
  }
}
