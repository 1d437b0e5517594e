/* Eight bits of brightness made smaller by a whole number: the mean of each square, rounded, as Pillow's `reduce` has it.

   Of squares that the right or the lower side cuts, the mean of what is there. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define WIDEST 16384 /* bytes of a row */
#define MOST 128     /* rows that are added up in 16 bits */

static void halved(const uint8_t *restrict one, const uint8_t *restrict other, size_t columns, uint8_t *restrict into) {
  for (size_t x = 0; x < columns; x++)
    into[x] = (uint8_t)((one[2 * x] + one[2 * x + 1] + other[2 * x] + other[2 * x + 1] + 2) >> 2);
}

static void averaged(const uint8_t *from, size_t stride, size_t width, size_t rows, size_t fold, uint8_t *into) {
  uint16_t sums[WIDEST];
  memset(sums, 0, width * sizeof *sums);
  for (size_t y = 0; y < rows; y++, from += stride)
    for (size_t x = 0; x < width; x++) sums[x] += from[x];
  for (size_t begin = 0; begin < width; begin += fold) {
    size_t end = begin + fold < width ? begin + fold : width;
    uint32_t sum = 0, count = (uint32_t)((end - begin) * rows);
    for (size_t x = begin; x < end; x++) sum += sums[x];
    *into++ = (uint8_t)(((sum + count / 2) * ((1u << 24) / count)) >> 24); /* Pillow's division */
  }
}

/* `from`: height rows of width bytes, each `stride` bytes after the last; `into`: ceil(height / fold) rows of
   ceil(width / fold). 1: done; 0: too large. */
int staydown_fold(const uint8_t *from, size_t stride, size_t width, size_t height, size_t fold, uint8_t *into) {
  if (width > WIDEST || fold > MOST || fold == 0) return 0;
  size_t columns = (width + fold - 1) / fold;
  for (size_t y = 0; y < height; y += fold, from += fold * stride, into += columns) {
    size_t rows = height - y < fold ? height - y : fold;
    if (fold == 2 && rows == 2 && width % 2 == 0)
      halved(from, from + stride, columns, into);
    else
      averaged(from, stride, width, rows, fold, into);
  }
  return 1;
}
