/* Four-sided places between straight tilted edges (staydown.decoding.quads). Votes for lines are counted, numpy ranks
   them, and of those ranked first the quadrilaterals are made. */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rounding.h"

static inline float apart(float one, float other) { return one > other ? one - other : other - one; }
static inline float higher(float one, float other) { return one > other ? one : other; }
static inline double least(double one, double other) { return one < other ? one : other; }
static inline double most(double one, double other) { return one > other ? one : other; }

/* Where the step along a row is steep, and the steepest of its five neighbours: `length` steps of each of `count` rows.
   `steps` is room for two beyond both ends of a row. */
ON_ANY_PROCESSOR
static void thinned(const float *lines, size_t count, size_t length, float steep, float *steps, uint8_t *edges) {
  for (; count; count--, lines += length + 1, edges += length) {
    float *of = steps + 2;
    memset(steps, 0, (length + 4) * sizeof *steps);
    for (size_t at = 0; at < length; at++) of[at] = apart(lines[at + 1], lines[at]);
    for (size_t at = 0; at < length; at++) {
      float beside = higher(higher(steps[at], steps[at + 1]), higher(steps[at + 3], steps[at + 4]));
      edges[at] = of[at] >= beside && of[at] > steep;
    }
  }
}

/* One vote of each edge of a row for each of some tilts; `votes` is tilts x wide, and `middle` its place 0. */
static void voted(const int32_t *columns, size_t edges, double row, const double *tilts, size_t count, size_t wide,
                  int32_t middle, int32_t *votes) {
  for (size_t tilt = 0; tilt < count; tilt++, votes += wide) {
    double aside = tilts[tilt] * row, part = aside - floor(aside);
    if (fabs(part - 0.5) > 1e-6) { /* all are rounded the same way */
      int32_t *shifted = votes + middle + (int32_t)rint(1 - aside);
      for (size_t edge = 0; edge < edges; edge++) shifted[columns[edge]]++;
    } else
      for (size_t edge = 0; edge < edges; edge++) votes[middle + (int32_t)rint(columns[edge] + 1 - aside)]++;
  }
}

/* What stands for each tilt and place, less than nothing, so that the least comes first: its votes, and of those beside
   it six tenths. */
static void ranked(const int32_t *votes, size_t count, size_t wide, double *into) {
  for (; count; count--, votes += wide, into += wide) {
    into[0] = -(double)votes[0], into[wide - 1] = -(double)votes[wide - 1];
    for (size_t at = 1; at < wide - 1; at++)
      into[at] = -(votes[at] + 0.6 * ((double)votes[at - 1] + (double)votes[at + 1]));
  }
}

/* The edges (count x length) of `count` rows of `length + 1` samples, and for each of some tilts the votes for each of
   `length + 2 * middle + 1` places. 1: done; 0: there was no memory. */
int staydown_votes(const float *lines, size_t count, size_t length, float steep, const double *tilts, size_t tilted,
                   size_t middle, uint8_t *edges, double *into) {
  size_t wide = length + 2 * middle + 1;
  int32_t *votes = calloc(tilted * wide + length, sizeof *votes), *columns = votes + tilted * wide;
  float *steps = malloc((length + 4) * sizeof *steps);
  if (votes && steps) {
    thinned(lines, count, length, steep, steps, edges);
    for (size_t row = 0; row < count; row++, edges += length) {
      size_t many = 0;
      for (size_t column = 0; column < length; column++) {
        columns[many] = (int32_t)column;
        many += edges[column];
      }
      if (many) voted(columns, many, (double)row + 0.5 - (double)count / 2, tilts, tilted, wide, (int32_t)middle, votes);
    }
    ranked(votes, tilted, wide, into);
  }
  int done = votes && steps;
  free(votes), free(steps);
  return done;
}

#define LINES 10 /* of one direction, the picture's own two sides among them */

typedef struct {
  size_t count, along;              /* lines; samples along each */
  double middle[LINES], tilt[LINES]; /* as `staydown.decoding.quads` has them */
  int32_t *sums;                    /* along + 1 of each line: how many samples before each lie on an edge */
} Lines;

/* What is the same for both directions. */
typedef struct {
  const double *tilts;
  double beside, held, upright, shortest, same;
} Ways;

/* The first few of the places that are not nearly the same line, in order. */
static void chosen(const int64_t *order, size_t ranked, size_t wide, double reach, const Ways *ways, Lines *into) {
  double along = (double)into->along;
  into->count = 1;
  for (; ranked && into->count < LINES - 1; ranked--, order++) {
    double tilt = ways->tilts[(size_t)*order / wide], place = (double)((size_t)*order % wide) - reach;
    double half = tilt * along / 2;
    size_t at = 1;
    for (; at < into->count; at++) {
      double other = into->middle[at], lean = into->tilt[at] * along / 2;
      if (most(fabs(place - other - half + lean), fabs(place - other + half - lean)) <= ways->beside) break;
    }
    if (at < into->count) continue;
    into->middle[at] = place, into->tilt[at] = tilt, into->count++;
  }
  for (size_t at = 2; at < into->count; at++) /* from side to side, and by their tilt */
    for (size_t to = at; to > 1; to--) {
      double one = into->middle[to - 1], other = into->middle[to], lean = into->tilt[to - 1];
      if (one < other || (one == other && lean <= into->tilt[to])) break;
      into->middle[to - 1] = other, into->middle[to] = one;
      into->tilt[to - 1] = into->tilt[to], into->tilt[to] = lean;
    }
}

static int on_edge(const uint8_t *edges, int64_t length, int64_t at) {
  for (int64_t from = at - 2; from <= at; from++)
    if (from >= 0 && from < length && edges[from]) return 1;
  return 0;
}

static void summed(const uint8_t *edges, size_t length, Lines *lines) {
  double along = (double)lines->along;
  for (size_t line = 1; line < lines->count - 1; line++) {
    int32_t *sums = lines->sums + line * (lines->along + 1);
    sums[0] = 0;
    for (size_t row = 0; row < lines->along; row++) {
      int64_t at = (int64_t)rint(lines->middle[line] + lines->tilt[line] * ((double)row + 0.5 - along / 2));
      sums[row + 1] = sums[row] + on_edge(edges + row * length, (int64_t)length, at);
    }
  }
}

/* The part of a stretch of a line that lies on an edge; 0 when it is short, and not a number on the picture's sides. */
static double share(const Lines *lines, size_t line, double start, double end, double shortest) {
  double along = (double)lines->along;
  int64_t first = (int64_t)least(most(rint(start), 0), along), last = (int64_t)least(most(rint(end), 0), along);
  if (!((double)(last - first) >= shortest * along)) return 0;
  if (line == 0 || line == lines->count - 1) return NAN;
  const int32_t *sums = lines->sums + line * (lines->along + 1);
  return (double)(sums[last] - sums[first]) / (double)(last - first > 1 ? last - first : 1);
}

typedef struct {
  double across[LINES][LINES], down[LINES][LINES]; /* where each upright line meets each level one */
} Crossings;

static void crossed(const Lines *upright, const Lines *level, double width, double height, Crossings *into) {
  for (size_t one = 0; one < upright->count; one++)
    for (size_t other = 0; other < level->count; other++) {
      double x = upright->middle[one], b = upright->tilt[one], y = level->middle[other], d = level->tilt[other];
      double across = (x + b * (y - d * width / 2 - height / 2)) / (1 - b * d);
      into->across[one][other] = across, into->down[one][other] = y + d * (across - width / 2);
    }
}

typedef struct {
  double score;
  size_t lines[4]; /* left, right, upper, lower */
} Found;

/* How well a quadrilateral is held; 0 for what is none. */
static double score(const Lines *upright, const Lines *level, const Crossings *at, const size_t *by, const Ways *ways) {
  size_t a = by[0], b = by[1], c = by[2], d = by[3];
  double sides[4] = {
    share(upright, a, at->down[a][c], at->down[a][d], ways->shortest),
    share(upright, b, at->down[b][c], at->down[b][d], ways->shortest),
    share(level, c, at->across[a][c], at->across[b][c], ways->shortest),
    share(level, d, at->across[a][d], at->across[b][d], ways->shortest),
  };
  double worst = 1, sum = 0;
  int count = 0;
  for (int side = 0; side < 4; side++)
    if (!isnan(sides[side])) worst = least(worst, sides[side]), sum += sides[side], count++;
  double tilts = most(most(fabs(upright->tilt[a]), fabs(upright->tilt[b])), most(fabs(level->tilt[c]), fabs(level->tilt[d])));
  if (!(worst >= ways->held && count >= 3 && tilts > ways->upright)) return 0;
  return (worst + sum / count) * (0.7 + 0.075 * count);
}

#define LOOKED_AT 60 /* of the quadrilaterals, the best */

/* Keep the best, the best first; of equals the one that came first. */
static size_t kept(Found *best, size_t count, const Found *some) {
  if (count == LOOKED_AT && some->score <= best[count - 1].score) return count;
  size_t at = count == LOOKED_AT ? count - 1 : count;
  for (; at > 0 && best[at - 1].score < some->score; at--) best[at] = best[at - 1];
  best[at] = *some;
  return count == LOOKED_AT ? count : count + 1;
}

static size_t all_scored(const Lines *upright, const Lines *level, const Crossings *at, const Ways *ways, Found *best) {
  size_t count = 0;
  Found some;
  size_t *by = some.lines;
  for (by[0] = 0; by[0] < upright->count; by[0]++)
    for (by[1] = by[0] + 1; by[1] < upright->count; by[1]++)
      for (by[2] = 0; by[2] < level->count; by[2]++)
        for (by[3] = by[2] + 1; by[3] < level->count; by[3]++)
          if ((some.score = score(upright, level, at, by, ways)) != 0) count = kept(best, count, &some);
  return count;
}

static void placed(const Crossings *at, const size_t *by, double *into) {
  size_t corners[4][2] = {{by[0], by[2]}, {by[1], by[2]}, {by[1], by[3]}, {by[0], by[3]}};
  for (int corner = 0; corner < 4; corner++) {
    into[2 * corner] = at->across[corners[corner][0]][corners[corner][1]];
    into[2 * corner + 1] = at->down[corners[corner][0]][corners[corner][1]];
  }
}

/* Whether a quadrilateral is in the picture, or just beside. */
static int is_beside(const double *quad, double width, double height) {
  for (int at = 0; at < 8; at++)
    if (!(quad[at] >= -2 && quad[at] <= (at % 2 ? height : width) + 2)) return 0;
  return 1;
}

static int is_same(const double *one, const double *other, double near) {
  double apart = 0;
  for (int at = 0; at < 8; at++) apart = most(apart, fabs(one[at] - other[at]));
  return !(apart > near);
}

/* At most `many` quadrilaterals (8 numbers each), the best first: how many there are; -1: there was no memory. `order`,
   of each direction, are the places of `staydown_votes`, the best first. */
int staydown_quads(size_t width, size_t height, const uint8_t *upright_edges, const uint8_t *level_edges,
                   const int64_t *upright_order, const int64_t *level_order, const size_t *ranked, const size_t *middle,
                   const double *tilts, const double *ways, size_t many, double *into) {
  Ways asked = {tilts, ways[0], ways[1], ways[2], ways[3], ways[4]};
  Lines upright = {.along = height}, level = {.along = width};
  Crossings at;
  Found best[LOOKED_AT];
  upright.sums = malloc(LINES * (width + height + 2) * sizeof *upright.sums);
  level.sums = upright.sums + LINES * (height + 1);
  if (!upright.sums) return -1;
  chosen(upright_order, ranked[0], width - 1 + 2 * middle[0] + 1, (double)middle[0], &asked, &upright);
  chosen(level_order, ranked[1], height - 1 + 2 * middle[1] + 1, (double)middle[1], &asked, &level);
  upright.middle[0] = level.middle[0] = upright.tilt[0] = level.tilt[0] = 0;
  upright.middle[upright.count] = (double)width, upright.tilt[upright.count++] = 0;
  level.middle[level.count] = (double)height, level.tilt[level.count++] = 0;
  summed(upright_edges, width - 1, &upright), summed(level_edges, height - 1, &level);
  crossed(&upright, &level, (double)width, (double)height, &at);
  size_t count = all_scored(&upright, &level, &at, &asked, best), found = 0;
  for (size_t each = 0; each < count && found < many; each++) {
    double *quad = into + 8 * found;
    size_t other = 0;
    placed(&at, best[each].lines, quad);
    while (other < found && !is_same(quad, into + 8 * other, asked.same * (double)(width > height ? width : height)))
      other++;
    if (other == found && is_beside(quad, (double)width, (double)height)) found++;
  }
  free(upright.sums);
  return (int)found;
}
