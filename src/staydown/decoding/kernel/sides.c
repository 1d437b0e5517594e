/* How well the sides of quadrilaterals lie on edges, and moving them onto these (staydown.decoding.edges). What numpy alone
   does in the same way everywhere, logarithms and products of matrices, it does in between. */
#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "rounding.h"

static inline float apart(float one, float other) { return one > other ? one - other : other - one; }
static inline float lower(float one, float other) { return one < other ? one : other; }
static inline float higher(float one, float other) { return one > other ? one : other; }

/* Of a quadrilateral (four corners, across and down), one side: its start, the way to its end, its normal. */
static void side_of(const double *quad, int side, double *into) {
  const double *start = quad + 2 * side, *end = quad + 2 * ((side + 1) % 4);
  double across = end[0] - start[0], down = end[1] - start[1], length = hypot(across, down);
  if (!(length > 1e-6)) length = 1e-6;
  into[0] = start[0], into[1] = start[1], into[2] = across, into[3] = down;
  into[4] = -down / length, into[5] = across / length;
}

static int is_inside(const double *quad, int side, double width, double height, double outer) {
  const double *start = quad + 2 * side, *end = quad + 2 * ((side + 1) % 4);
  double across = (start[0] + end[0]) / 2, down = (start[1] + end[1]) / 2;
  return across > outer && down > outer && across < width - outer && down < height - outer;
}

#define POINTS 64 /* along a side, at most */

/* Samples on one line along a side, `away` from it, at each of `points` shares of it: edges that go beyond the picture
   go on. */
ON_ANY_PROCESSOR
static void sampled(const float *restrict picture, int32_t width, int32_t height, const double *restrict side,
                    double away, const double *restrict shares, int points, float *restrict into) {
  int32_t places[POINTS];
  double last_column = width - 1, last_row = height - 1, aside = away * side[4], below = away * side[5];
  for (int point = 0; point < points; point++) {
    double across = side[0] + shares[point] * side[2] + aside, down = side[1] + shares[point] * side[3] + below;
    across = across >= 1 ? across : 0, down = down >= 1 ? down : 0;
    across = across < last_column ? across : last_column, down = down < last_row ? down : last_row;
    places[point] = (int32_t)down * width + (int32_t)across;
  }
  for (int point = 0; point < points; point++) into[point] = picture[places[point]];
}

#define JUDGED 4                 /* samples beside a side that is judged, on each side of it */
#define SAMPLES (2 * JUDGED + 2) /* across it */
#define STRETCHES 32             /* along it, each the mean of two samples */

ON_ANY_PROCESSOR
static void stepped(const float (*restrict samples)[POINTS], float (*restrict steps)[STRETCHES]) {
  float means[SAMPLES][STRETCHES];
  for (int at = 0; at < SAMPLES; at++)
    for (int stretch = 0; stretch < STRETCHES; stretch++)
      means[at][stretch] = (samples[at][2 * stretch] + samples[at][2 * stretch + 1]) / 2;
  for (int at = 0; at < SAMPLES - 1; at++)
    for (int stretch = 0; stretch < STRETCHES; stretch++)
      steps[at][stretch] = apart(means[at + 1][stretch], means[at][stretch]);
}

/* Of each side of `count` quadrilaterals, for steps just before it, on it and just behind it, at each of 32 stretches how
   much larger they are than those further away. */
void staydown_beside(const float *picture, size_t width, size_t height, const double *quads, size_t count,
                     const double *shares, float grain, float *into) {
  float samples[SAMPLES][POINTS], steps[SAMPLES - 1][STRETCHES];
  for (size_t side = 0; side < 4 * count; side++, into += 3 * STRETCHES) {
    double asked[6];
    side_of(quads + side / 4 * 8, (int)(side % 4), asked);
    for (int at = 0; at < SAMPLES; at++)
      sampled(picture, (int32_t)width, (int32_t)height, asked, at - JUDGED - 0.5, shares, POINTS, samples[at]);
    stepped((const float(*)[POINTS])samples, steps);
    for (int stretch = 0; stretch < STRETCHES; stretch++) {
      float beside = (steps[0][stretch] + steps[1][stretch] + steps[SAMPLES - 3][stretch] + steps[SAMPLES - 2][stretch]) / 4;
      for (int near = 0; near < 3; near++)
        into[near * STRETCHES + stretch] = (steps[JUDGED - 1 + near][stretch] + grain) / (beside + grain);
    }
  }
}

/* The mean evidence for an edge on a side, or half a sample beside it, from the logarithms of `staydown_beside`. */
static float evidence(const float *found, float least, float most) {
  float sums[2] = {0};
  for (int stretch = 0; stretch < STRETCHES; stretch++) {
    float near[3];
    for (int at = 0; at < 3; at++) near[at] = lower(higher(found[at * STRETCHES + stretch], least), most);
    for (int at = 0; at < 2; at++) sums[at] += higher(near[at], near[at + 1]);
  }
  return higher(sums[0] / STRETCHES, sums[1] / STRETCHES);
}

/* How well each quadrilateral is held by those of its sides that are not the picture's own. */
void staydown_judged(const float *logarithms, const double *quads, size_t count, double width, double height, double outer,
                     double least, float most, double *into) {
  for (; count; count--, quads += 8) {
    float worst = most, sum = 0;
    int real = 0;
    for (int side = 0; side < 4; side++, logarithms += 3 * STRETCHES)
      if (is_inside(quads, side, width, height, outer)) {
        float found = evidence(logarithms, (float)least, most);
        worst = lower(worst, found), sum += found, real++;
      }
    *into++ = real ? ((double)worst + (double)sum / real) / 2 * (0.7 + 0.075 * real) : least;
  }
}

#define BESIDE 64 /* places across a side, at most */

/* The steps across each side of `count` quadrilaterals, at `points` places along it, at most `limit` each. 1: done; 0: too
   many places. */
int staydown_across_sides(const float *picture, size_t width, size_t height, const double *quads, size_t count,
                          const double *shares, int points, int reach, float limit, float *into) {
  float samples[BESIDE + 1][POINTS];
  int places = 2 * reach + 1;
  if (points > POINTS || places > BESIDE) return 0;
  for (size_t side = 0; side < 4 * count; side++) {
    double asked[6];
    side_of(quads + side / 4 * 8, (int)(side % 4), asked);
    for (int at = 0; at <= places; at++)
      sampled(picture, (int32_t)width, (int32_t)height, asked, at - reach - 0.5, shares, points, samples[at]);
    for (int point = 0; point < points; point++)
      for (int at = 0; at < places; at++) *into++ = lower(apart(samples[at + 1][point], samples[at][point]), limit);
  }
  return 1;
}

/* Where a line through two points meets another: across, down. */
static void met(const double *one, const double *other, double *into) {
  double wide = one[2] - one[0], high = one[3] - one[1], other_wide = other[2] - other[0], other_high = other[3] - other[1];
  double away = other[0] - one[0], below = other[1] - one[1];
  double part = (away * other_high - below * other_wide) / (wide * other_high - high * other_wide);
  into[0] = one[0] + part * wide, into[1] = one[1] + part * high;
}

/* Quadrilaterals whose sides were moved by so many places at both ends: `ways` says in which of the ways between
   2 * reach + 1 places. Sides on the picture's own stay. */
void staydown_laid(const double *quads, size_t count, const int64_t *ways, int reach, double ends, double width,
                   double height, double outer, double *into) {
  for (; count; count--, quads += 8, into += 8) {
    double sides[4][4];
    for (int side = 0; side < 4; side++, ways++) {
      double of[6], first = (double)(*ways / (2 * reach + 1) - reach), last = (double)(*ways % (2 * reach + 1) - reach);
      const double *end = quads + 2 * ((side + 1) % 4);
      int inside = is_inside(quads, side, width, height, outer);
      side_of(quads, side, of);
      for (int at = 0; at < 2; at++) {
        sides[side][at] = inside ? of[at] + ends * of[2 + at] + first * of[4 + at] : of[at];
        sides[side][2 + at] = inside ? of[at] + (1 - ends) * of[2 + at] + last * of[4 + at] : end[at];
      }
    }
    for (int corner = 0; corner < 4; corner++) met(sides[(corner + 3) % 4], sides[corner], into + 2 * corner);
  }
}
