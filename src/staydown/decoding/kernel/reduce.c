/* PDQ's smoothing and decimation (staydown.decoding.jarosz): each of some outputs is a weighted sum of a few samples
   that follow each other. `first` says where those of each output begin, `weights` has `reach` of them for each; those
   of outputs near the end are zero where samples would be that are not there, and `first + reach` is never beyond it. */
#include <stdlib.h>

#include "reduce.h"

SAME_ROUNDING
static void of_bytes(const uint8_t *restrict from, size_t width, float weight, float *restrict into) {
  for (size_t x = 0; x < width; x++) into[x] += weight * (float)from[x];
}

SAME_ROUNDING
static void of_floats(const float *restrict from, size_t width, float weight, float *restrict into) {
  for (size_t x = 0; x < width; x++) into[x] += weight * from[x];
}

/* Down the columns, for rows `top` to `top + height` of a plane whose rows are `stride` bytes apart, of `width` bytes
   or, if `floats`, floats: added to `into`, `outputs` x `width`. */
void staydown_down(const uint8_t *plane, size_t stride, size_t width, size_t top, size_t height, int floats,
                   const int32_t *first, const float *weights, size_t reach, size_t outputs, float *into) {
  for (size_t output = 0; output < outputs; output++, weights += reach, into += width) {
    size_t begin = (size_t)first[output], end = begin + reach;
    size_t row = begin > top ? begin : top, last = end < top + height ? end : top + height;
    for (; row < last; row++) {
      const uint8_t *from = plane + (row - top) * stride;
      float weight = weights[row - begin];
      if (weight == 0) continue;
      if (floats)
        of_floats((const float *)from, width, weight, into);
      else
        of_bytes(from, width, weight, into);
    }
  }
}

/* Along one row of `width` floats. */
static void along(const float *from, const int32_t *first, const float *weights, size_t reach, size_t outputs,
                  float *into) {
  for (size_t output = 0; output < outputs; output++, weights += reach) {
    const float *samples = from + first[output];
    float sum = 0;
    for (size_t at = 0; at < reach; at++) sum += weights[at] * samples[at];
    into[output] = sum;
  }
}

ON_ANY_PROCESSOR
void staydown_woven(const float *restrict from, size_t width, float *restrict into) {
  for (size_t x = 0; x < width; x++)
    for (size_t row = 0; row < ROWS; row++) into[x * ROWS + row] = from[row * width + x];
}

/* As `along`, for rows that are woven. */
SAME_ROUNDING
void staydown_along(const Sums *from, const int32_t *first, const float *weights, size_t reach, size_t outputs,
                    float *into) {
  for (size_t output = 0; output < outputs; output++, weights += reach) {
    const Sums *samples = from + first[output];
    Sums sums = {0};
    for (size_t at = 0; at < reach; at++) sums += weights[at] * samples[at];
    for (size_t row = 0; row < ROWS; row++) into[row * outputs + output] = sums[row];
  }
}

/* Along each of `rows` rows of `width` floats: `into` is rows x outputs. */
void staydown_across(const float *from, size_t rows, size_t width, const int32_t *first, const float *weights,
                     size_t reach, size_t outputs, float *into) {
  Sums *side_by_side = rows < ROWS ? NULL : aligned_alloc(sizeof(Sums), width * sizeof(Sums));
  for (; side_by_side && rows >= ROWS; rows -= ROWS, from += ROWS * width, into += ROWS * outputs) {
    staydown_woven(from, width, (float *)side_by_side);
    staydown_along(side_by_side, first, weights, reach, outputs, into);
  }
  free(side_by_side);
  for (; rows; rows--, from += width, into += outputs) along(from, first, weights, reach, outputs, into);
}

/* struct ArrowArray (the Arrow C data interface), as far as samples that are all there need it. */
typedef struct Array {
  int64_t length, nulls, offset, buffer_count, children_count;
  const void **buffers;
  struct Array **children;
} Array;

/* Where the samples of a picture are: its own, or where a pixel has several, its child's. */
const void *staydown_samples(const Array *outer) {
  const Array *inner = outer->children_count ? outer->children[0] : outer;
  return inner->buffers[1];
}

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the first byte of a pixel, red, is its lowest");

/* Brightness of `count` pixels of four bytes: red, green, blue, any. As Pillow has it, from whole thousandths. */
ON_ANY_PROCESSOR
void staydown_brightness(const uint32_t *restrict pixels, size_t count, float *restrict into) {
  for (size_t at = 0; at < count; at++) {
    uint32_t red = pixels[at] & 255, green = pixels[at] >> 8 & 255, blue = pixels[at] >> 16 & 255;
    into[at] = (float)(int32_t)(299 * red + 587 * green + 114 * blue) / 1000.0f;
  }
}
