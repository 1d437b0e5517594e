/* PDQ's smoothing and decimation (staydown.decoding.jarosz): each of some outputs is a weighted sum of a few samples
   that follow each other. `first` says where those of each output begin, `weights` has `reach` of them for each; those
   of outputs near the end are zero where samples would be that are not there, and `first + reach` is never beyond it. */
#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__clang__)
#define ON_ANY_PROCESSOR __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define ON_ANY_PROCESSOR
#endif

ON_ANY_PROCESSOR
static void of_bytes(const uint8_t *restrict from, size_t width, float weight, float *restrict into) {
  for (size_t x = 0; x < width; x++) into[x] += weight * (float)from[x];
}

ON_ANY_PROCESSOR
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

/* Along each of `rows` rows of `width` floats: `into` is rows x outputs. */
void staydown_across(const float *from, size_t rows, size_t width, const int32_t *first, const float *weights,
                     size_t reach, size_t outputs, float *into) {
  for (size_t row = 0; row < rows; row++, from += width)
    for (size_t output = 0; output < outputs; output++) {
      const float *samples = from + first[output], *weight = weights + output * reach;
      float sum = 0;
      for (size_t at = 0; at < reach; at++) sum += weight[at] * samples[at];
      *into++ = sum;
    }
}

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
