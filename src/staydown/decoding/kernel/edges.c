/* What is looked at where a side of a part may lie (staydown.decoding.edges, staydown.decoding.fitting). A picture is
   height rows of width floats. */
#include <stddef.h>
#include <stdint.h>

static inline size_t within(double at, size_t length) {
  if (!(at >= 1)) return 0;
  return at >= (double)length ? length - 1 : (size_t)at;
}

/* Samples on lines across `count` sides: for each of `points` shares of a side, those at -reach - 1/2 to reach + 1/2
   along its normal. A side is six numbers: its start, the way to its end, its normal; each first across, then down. */
void staydown_sampled(const float *picture, size_t width, size_t height, const double *sides, size_t count,
                      const double *shares, size_t points, int reach, float *into) {
  for (; count; count--, sides += 6)
    for (size_t point = 0; point < points; point++) {
      double x = sides[0] + shares[point] * sides[2], y = sides[1] + shares[point] * sides[3];
      for (int step = -reach - 1; step <= reach; step++) {
        double away = step + 0.5;
        size_t column = within(x + away * sides[4], width), row = within(y + away * sides[5], height);
        *into++ = picture[row * width + column];
      }
    }
}

static inline float apart(float one, float other) { return one > other ? one - other : other - one; }

#define WIDEST 16 /* places that are tried for a side */

/* The place near `at`, of `length` samples `beside` each other, before which `count` lines, `along` apart, together
   step most; `at` itself on the picture's own sides. */
static int64_t steepest(const float *lines, size_t along, int64_t count, size_t beside, int64_t length, int64_t at,
                        int64_t reach) {
  int64_t first = at - reach > 1 ? at - reach : 1, last = at + reach < length - 1 ? at + reach : length - 1, best = 0;
  double sums[WIDEST] = {0};
  if (at <= 0 || at >= length || first >= last || last - first >= WIDEST) return at;
  const float *before = lines + (size_t)(first - 1) * beside;
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
