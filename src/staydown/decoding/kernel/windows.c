/* How much there is to compare in each window of a canvas (staydown.fingerprints.windows). */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rounding.h"

void staydown_down(const uint8_t *plane, size_t stride, size_t width, size_t top, size_t height, int floats,
                   const int32_t *first, const float *weights, size_t reach, size_t outputs, float *into);
void staydown_quality(const float *lumas, size_t count, uint8_t *into);

#define SIDE 128  /* of a canvas */
#define CELLS 64  /* of a window's side */
#define BESIDE 16 /* columns that are read together */

ON_ANY_PROCESSOR
static void exchanged(const float *restrict from, size_t rows, float *restrict into) {
  for (size_t begin = 0; begin < SIDE; begin += BESIDE)
    for (size_t row = 0; row < rows; row++)
      for (size_t column = begin; column < begin + BESIDE; column++) into[column * rows + row] = from[row * SIDE + column];
}

/* PDQ's quality of `count` windows, each the crossing (column, row) of two of some `intervals` of a side. Of each interval
   64 cells are given: where they begin, and `reach` weights of each. 1: done; 0: there was no memory. */
int staydown_windows(const float *canvas, const int32_t *first, const float *weights, size_t reach, size_t intervals,
                     const int64_t *crossed, size_t count, uint8_t *into) {
  size_t wide = intervals * CELLS;
  float *lines = calloc(2 * wide * SIDE, sizeof *lines), *turned = lines + wide * SIDE, window[CELLS * CELLS];
  if (!lines) return 0;
  staydown_down((const uint8_t *)canvas, SIDE * sizeof *canvas, SIDE, 0, SIDE, 1, first, weights, reach, wide, lines);
  exchanged(lines, wide, turned);
  for (; count; count--, crossed += 2, into++) {
    size_t column = (size_t)crossed[0] * CELLS, row = (size_t)crossed[1] * CELLS;
    memset(window, 0, sizeof window);
    staydown_down((const uint8_t *)(turned + row), wide * sizeof *turned, CELLS, 0, SIDE, 1, first + column,
                  weights + column * reach, reach, CELLS, window);
    staydown_quality(window, 1, into); /* the same with rows and columns exchanged */
  }
  free(lines);
  return 1;
}
