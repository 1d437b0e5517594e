/* PDQ's smoothing and decimation (staydown.decoding.jarosz): each of some outputs is a weighted sum of a few samples
   that follow each other. `first` says where those of each output begin, `weights` has `reach` of them for each; those
   of outputs near the end are zero where samples would be that are not there, and `first + reach` is never beyond it. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__clang__)
#define ON_ANY_PROCESSOR __attribute__((target_clones("avx512f", "avx2", "default")))
#define SAME_ROUNDING __attribute__((target_clones("avx2", "default"))) /* neither adds what it has not rounded */
#else
#define ON_ANY_PROCESSOR
#define SAME_ROUNDING
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

#define ROWS 8 /* that are read side by side: one sum of each in every step */
typedef float Sums __attribute__((vector_size(ROWS * sizeof(float))));

/* The samples of `ROWS` rows, those of one column beside each other. */
ON_ANY_PROCESSOR
static void woven(const float *restrict from, size_t width, float *restrict into) {
  for (size_t x = 0; x < width; x++)
    for (size_t row = 0; row < ROWS; row++) into[x * ROWS + row] = from[row * width + x];
}

/* As `along`, for rows that are woven. */
SAME_ROUNDING
static void along_all(const Sums *from, const int32_t *first, const float *weights, size_t reach, size_t outputs,
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
    woven(from, width, (float *)side_by_side);
    along_all(side_by_side, first, weights, reach, outputs, into);
  }
  free(side_by_side);
  for (; rows; rows--, from += width, into += outputs) along(from, first, weights, reach, outputs, into);
}

/* Both, of a whole plane: `into` is rows x columns of outputs. Eight lines at a time, so that what is between the two
   stays in the processor's cache. 1: done; 0: there was no memory. */
int staydown_reduced(const uint8_t *plane, size_t stride, size_t width, size_t height, int floats,
                     const int32_t *down, const float *weights, size_t reach, size_t rows,
                     const int32_t *across, const float *weights_across, size_t reach_across, size_t columns,
                     float *into) {
  float *lines = malloc(ROWS * width * sizeof *lines);
  if (!lines) return 0;
  for (size_t some; rows; rows -= some, down += some, weights += some * reach, into += some * columns) {
    some = rows < ROWS ? rows : ROWS;
    memset(lines, 0, some * width * sizeof *lines);
    staydown_down(plane, stride, width, 0, height, floats, down, weights, reach, some, lines);
    staydown_across(lines, some, width, across, weights_across, reach_across, columns, into);
  }
  free(lines);
  return 1;
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

/* Which of a picture's coefficients are above their lower median: half of them, or more, are smaller. */
ON_ANY_PROCESSOR
static void above(const float *restrict coefficients, uint8_t *restrict into) {
  for (int at = 0; at < NUMBERS; at++) {
    int smaller = 0;
    for (int other = 0; other < NUMBERS; other++) smaller += coefficients[other] < coefficients[at];
    into[at] = smaller >= NUMBERS / 2;
  }
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
