/* A whole plane whose rows are read from one end and from the other, on x86-64: two lines at a time that reach nearly the
   same samples, an output and the one that is there when the side is read from its other end. Each sample is read, and
   made a float, once for both; sums stay in registers. */
#include "whole.h"

#ifdef BY_PROCESSOR
#pragma GCC push_options
#pragma GCC optimize("fp-contract=off") /* no sum of what was not rounded: the same in both, and as in staydown_down */
#include <immintrin.h>
#define ALWAYS inline __attribute__((always_inline))

#define BLOCK(lanes) (4 * (lanes)) /* columns */

/* Two lines that `reach` as many rows: the one from row `top` on, the other `later`. */
typedef struct { size_t top, later, reach; const float *weights[2]; float *into[2]; } pair_t;

static inline size_t size_of(kind_t kind) { return kind == BYTES ? 1 : 4; }

/* Brightness as staydown_brightness has it, sixteen at once. A thousandth in two parts: that gives what dividing by a
   thousand gives, for each of the 255,001 numbers that can come (tests/decoding/test_bands.py goes through them). */
#define TARGET __attribute__((target("avx512f,avx512bw")))
#define NAME(what) what##_avx512
#define LANES 16
typedef float floats_avx512 __attribute__((vector_size(64), aligned(4), may_alias));
#define FLOATS floats_avx512
#define spread(value) _mm512_set1_ps(value)
#define plus(sum, weight, sample) _mm512_add_ps(sum, _mm512_mul_ps(weight, sample))
TARGET static ALWAYS FLOATS of_bytes_avx512(const uint8_t *from) {
  return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i_u *)from)));
}
TARGET static ALWAYS FLOATS of_floats_avx512(const uint8_t *from) { return _mm512_loadu_ps(from); }
TARGET static ALWAYS FLOATS of_colours_avx512(const uint8_t *from) {
  __m512i pixels = _mm512_loadu_si512(from), low = _mm512_set1_epi32(0xff00ff), green = _mm512_srli_epi32(pixels, 8);
  __m512i sums = _mm512_add_epi32(_mm512_madd_epi16(_mm512_and_si512(pixels, low), _mm512_set1_epi32(114 << 16 | 299)),
                                  _mm512_madd_epi16(_mm512_and_si512(green, low), _mm512_set1_epi32(587)));
  __m512 whole = _mm512_cvtepi32_ps(sums);
  __m512 rest = _mm512_mul_ps(whole, _mm512_set1_ps((float)(0.001 - (double)0.001f)));
  return _mm512_fmadd_ps(whole, _mm512_set1_ps(0.001f), rest);
}
#include "down.h"

#define TARGET __attribute__((target("avx2")))
#define NAME(what) what##_avx2
#define LANES 8
typedef float floats_avx2 __attribute__((vector_size(32), aligned(4), may_alias));
#define FLOATS floats_avx2
#define spread(value) _mm256_set1_ps(value)
#define plus(sum, weight, sample) _mm256_add_ps(sum, _mm256_mul_ps(weight, sample))
TARGET static ALWAYS FLOATS of_bytes_avx2(const uint8_t *from) {
  return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i_u *)from)));
}
TARGET static ALWAYS FLOATS of_floats_avx2(const uint8_t *from) { return _mm256_loadu_ps((const float *)from); }
TARGET static ALWAYS FLOATS of_colours_avx2(const uint8_t *from) {
  __m256i pixels = _mm256_loadu_si256((const __m256i_u *)from), low = _mm256_set1_epi32(0xff00ff);
  __m256i green = _mm256_and_si256(_mm256_srli_epi32(pixels, 8), low);
  __m256i sums = _mm256_add_epi32(_mm256_madd_epi16(_mm256_and_si256(pixels, low), _mm256_set1_epi32(114 << 16 | 299)),
                                  _mm256_madd_epi16(green, _mm256_set1_epi32(587)));
  return _mm256_div_ps(_mm256_cvtepi32_ps(sums), _mm256_set1_ps(1000));
}
#include "down.h"

#define TARGET __attribute__((target("avx2")))

/* Four columns of eight lines: those of the first four lines, and of the others. */
TARGET static ALWAYS __m256 beside(const float *line, size_t width) {
  return _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(line)), _mm_loadu_ps(line + 4 * width), 1);
}

TARGET static ALWAYS void turned(__m256 *four) {
  __m256 a = _mm256_unpacklo_ps(four[0], four[1]), b = _mm256_unpackhi_ps(four[0], four[1]);
  __m256 c = _mm256_unpacklo_ps(four[2], four[3]), d = _mm256_unpackhi_ps(four[2], four[3]);
  four[0] = _mm256_shuffle_ps(a, c, 0x44), four[1] = _mm256_shuffle_ps(a, c, 0xee);
  four[2] = _mm256_shuffle_ps(b, d, 0x44), four[3] = _mm256_shuffle_ps(b, d, 0xee);
}

/* As staydown_woven. The last four columns are done twice where the width is no multiple of four. */
TARGET static void woven(const float *lines, size_t width, float *into) {
  for (size_t x = 0; x < width; x += 4) {
    if (x + 4 > width) x = width - 4;
    __m256 four[4];
    for (size_t line = 0; line < 4; line++) four[line] = beside(lines + line * width + x, width);
    turned(four);
    for (size_t column = 0; column < 4; column++) _mm256_store_ps(into + (x + column) * ROWS, four[column]);
  }
}

/* As staydown_along, for one side. */
TARGET static void along(const float *from, const int32_t *first, const float *weights, size_t reach, float *into) {
  for (size_t output = 0; output < SIDE; output += 4, first += 4, weights += 4 * reach) {
    __m256 four[4] = {_mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps()};
    for (size_t at = 0; at < reach; at++)
      for (size_t each = 0; each < 4; each++) {
        __m256 samples = _mm256_load_ps(from + ((size_t)first[each] + at) * ROWS);
        four[each] = _mm256_add_ps(four[each], _mm256_mul_ps(_mm256_set1_ps(weights[each * reach + at]), samples));
      }
    turned(four);
    for (size_t row = 0; row < 4; row++) {
      _mm_storeu_ps(into + row * SIDE + output, _mm256_castps256_ps128(four[row]));
      _mm_storeu_ps(into + (row + 4) * SIDE + output, _mm256_extractf128_ps(four[row], 1));
    }
  }
}

/* Eight lines, which outputs of the rows from `at` on gave, along all sides of the columns. */
static void along_all(const whole_t *whole, const float *lines, size_t at) {
  const bands_t *across = &whole->across;
  woven(lines, whole->plane.width, whole->room);
  for (size_t output = 0; output < across->outputs; output += SIDE)
    along(whole->room, across->first + output, across->weights + output * across->reach, across->reach,
          place_of(whole, at, output));
}

/* Two outputs of the rows, the one that begins first before the other. Weights of nought at the end of both are left out. */
static pair_t pair_of(const bands_t *down, size_t one, size_t other, float *into, float *into_other) {
  if (down->first[one] > down->first[other]) return pair_of(down, other, one, into_other, into);
  pair_t pair = {.top = (size_t)down->first[one], .later = (size_t)(down->first[other] - down->first[one]),
                 .reach = down->reach, .into = {into, into_other},
                 .weights = {down->weights + one * down->reach, down->weights + other * down->reach}};
  while (pair.reach && !pair.weights[0][pair.reach - 1] && !pair.weights[1][pair.reach - 1]) pair.reach--;
  return pair;
}

/* Eight outputs at a time, and the eight that are there from the other end. */
void staydown_in_pairs(int set, const whole_t *whole) {
  size_t width = whole->plane.width;
  float *lines = whole->room + ROWS * width, *others = lines + ROWS * width;
  for (size_t at = 0; at < SIDE; at += ROWS) {
    for (size_t line = 0; line < ROWS; line++) {
      pair_t pair = pair_of(&whole->down, at + line, 2 * SIDE - 1 - at - line, lines + line * width,
                            others + (ROWS - 1 - line) * width);
      (set == 2 ? down_avx512 : down_avx2)(&whole->plane, &pair);
    }
    along_all(whole, lines, at);
    along_all(whole, others, 2 * SIDE - ROWS - at);
  }
}
#pragma GCC pop_options
#endif
