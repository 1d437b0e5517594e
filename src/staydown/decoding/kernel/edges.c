/* Upright parts fitted to what they show (staydown.decoding.fitting). A picture is height rows of width floats. */
#include <stddef.h>
#include <stdint.h>

#include "rounding.h"

static inline float apart(float one, float other) { return one > other ? one - other : other - one; }

#define WIDEST 16 /* places that are tried for a side */

#define USUAL 7  /* places: three on each side of where a side was */

/* Adds up how much `count` lines, `along` apart, step at each of seven places, each sum in the lines' order. */
ON_ANY_PROCESSOR
static void along_rows(const float *before, size_t along, int64_t count, double *restrict sums) {
  for (; count > 0; count--, before += along)
    for (int step = 0; step < USUAL; step++) sums[step] += apart(before[step + 1], before[step]);
}

#define TOGETHER 64

/* The same of columns: they are beside each other, and their places `beside` apart. */
ON_ANY_PROCESSOR
static void along_columns(const float *before, size_t beside, int64_t count, double *restrict sums) {
  float steps[USUAL][TOGETHER];
  for (; count > 0; count -= TOGETHER, before += TOGETHER) {
    int some = count < TOGETHER ? (int)count : TOGETHER;
    for (int step = 0; step < USUAL; step++) {
      const float *one = before + (size_t)step * beside, *other = one + beside;
      for (int at = 0; at < some; at++) steps[step][at] = apart(other[at], one[at]);
    }
    for (int at = 0; at < some; at++)
      for (int step = 0; step < USUAL; step++) sums[step] += steps[step][at];
  }
}

/* The place near `at`, of `length` samples `beside` each other, before which `count` lines, `along` apart, together
   step most; `at` itself on the picture's own sides. */
static int64_t steepest(const float *lines, size_t along, int64_t count, size_t beside, int64_t length, int64_t at,
                        int64_t reach) {
  int64_t first = at - reach > 1 ? at - reach : 1, last = at + reach < length - 1 ? at + reach : length - 1, best = 0;
  double sums[WIDEST] = {0};
  if (at <= 0 || at >= length || first >= last || last - first >= WIDEST) return at;
  const float *before = lines + (size_t)(first - 1) * beside;
  if (last - first == USUAL - 1 && beside == 1)
    along_rows(before, along, count, sums);
  else if (last - first == USUAL - 1 && along == 1)
    along_columns(before, beside, count, sums);
  else
    for (; count > 0; count--, before += along)
      for (int64_t step = 0; step <= last - first; step++)
        sums[step] += apart(before[(size_t)(step + 1) * beside], before[(size_t)step * beside]);
  for (int64_t step = 1; step <= last - first; step++)
    if (sums[step] > sums[best]) best = step;
  return first + best;
}

/* `count` boxes (left, top, right, bottom), and into where their sides are after each was moved by itself. */
void staydown_moved(const float *picture, int64_t width, int64_t height, const int64_t *boxes, size_t count,
                    int64_t reach, int64_t *into) {
  for (; count; count--, boxes += 4, into += 4) {
    const float *rows = picture + boxes[1] * width, *columns = picture + boxes[0];
    int64_t wide = boxes[2] - boxes[0], high = boxes[3] - boxes[1];
    for (int end = 0; end < 4; end += 2) {
      into[end] = steepest(rows, (size_t)width, high, 1, width, boxes[end], reach);
      into[end + 1] = steepest(columns, 1, wide, (size_t)width, height, boxes[end + 1], reach);
    }
  }
}

/* The square of the standard deviation along a line. */
static double variance(const float *line, ptrdiff_t along, int64_t count) {
  double sum = 0, squares = 0;
  for (int64_t at = 0; at < count; at++) sum += line[at * along];
  for (int64_t at = 0; at < count; at++) {
    double away = line[at * along] - sum / (double)count;
    squares += away * away;
  }
  return squares / (double)count;
}

/* Whether the median of the steps between two lines is at least `cut`: of an even number, the mean of the two in the
   middle. */
static int is_cut(const float *one, const float *other, ptrdiff_t along, int64_t count, float cut) {
  float below = 0, above = -1;
  int64_t many = 0;
  for (int64_t at = 0; at < count; at++) {
    float step = apart(one[at * along], other[at * along]);
    if (step >= cut) {
      many++;
      if (above < 0 || step < above) above = step;
    } else if (step > below)
      below = step;
  }
  return 2 * many > count || (2 * many == count && (below + above) / 2 >= cut);
}

/* How many lines, from an outer one inwards, are plain up to a cut; 0 where `most` are, or no cut ends them. */
static int64_t joint(const float *outer, ptrdiff_t inwards, ptrdiff_t along, int64_t count, int64_t most, float plain,
                     float cut) {
  int64_t end = 0;
  while (end <= most && variance(outer + end * inwards, along, count) <= plain * plain) end++;
  if (end == 0 || end > most) return 0;
  return is_cut(outer + (end + 1) * inwards, outer + (end - 1) * inwards, along, count, cut) ? end : 0;
}

/* The joints at the left, upper, right and lower side of `count` boxes. `most`, 2 for each, is how many columns and
   rows a joint may have; where it is 0 there is none. */
void staydown_joints(const float *picture, int64_t width, const int64_t *boxes, const int64_t *most, size_t count,
                     float plain, float cut, int64_t *into) {
  for (; count; count--, boxes += 4, most += 2, into += 4) {
    const float *begin = picture + boxes[1] * width + boxes[0], *end = picture + (boxes[3] - 1) * width + boxes[2] - 1;
    int64_t wide = boxes[2] - boxes[0], high = boxes[3] - boxes[1];
    into[0] = most[0] ? joint(begin, 1, width, high, most[0], plain, cut) : 0;
    into[1] = most[1] ? joint(begin, width, 1, wide, most[1], plain, cut) : 0;
    into[2] = most[0] ? joint(end, -1, -width, high, most[0], plain, cut) : 0;
    into[3] = most[1] ? joint(end, -width, -1, wide, most[1], plain, cut) : 0;
  }
}
