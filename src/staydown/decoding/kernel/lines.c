/* Long straight lines along which a picture steps (staydown.decoding.lines). A picture is height rows of width floats. */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rounding.h"

static inline float apart(float one, float other) { return one > other ? one - other : other - one; }
static inline float lower(float one, float other) { return one < other ? one : other; }
static inline float higher(float one, float other) { return one > other ? one : other; }

#define BEYOND 3 /* places beside a step that are looked at */

ON_ANY_PROCESSOR
static void added(const float *restrict from, size_t count, float *restrict into) {
  for (size_t at = 0; at < count; at++) into[at] += from[at];
}

/* `steps` has room for three beyond both ends. */
ON_ANY_PROCESSOR
static void compared(const float *restrict means, size_t count, float grain, float *restrict steps,
                     float *restrict into) {
  float *of = steps + BEYOND;
  for (size_t at = 0; at < count; at++) of[at] = apart(means[at + 1], means[at]);
  for (size_t at = 1; at <= BEYOND; at++) of[-(ptrdiff_t)at] = of[at], of[count - 1 + at] = of[count - 1 - at];
  for (size_t at = 0; at < count; at++) {
    float beside = steps[at] + steps[at + 1] + steps[at + 5] + steps[at + 6];
    into[at] = (of[at] + grain) / (beside / 4 + grain);
  }
}

/* For each stretch of `fold` rows (width floats each) and each step along them: how much larger than those beside it.
   1: done; 0: there was no memory. */
int staydown_steps(const float *rows, size_t width, size_t stretches, size_t fold, float grain, float *into) {
  float *means = malloc((2 * width + 2 * BEYOND) * sizeof *means);
  if (!means) return 0;
  for (; stretches; stretches--, rows += fold * width, into += width - 1) {
    memcpy(means, rows, width * sizeof *means);
    for (size_t row = 1; row < fold; row++) added(rows + row * width, width, means);
    for (size_t at = 0; at < width; at++) means[at] /= (float)fold;
    compared(means, width - 1, grain, means + width, into);
  }
  free(means);
  return 1;
}

#define LINES 20 /* of a direction, at most, the picture's own two sides among them */

/* What is asked of a line, as `staydown.decoding.lines` names it. */
typedef struct {
  double least, most, asked, weakest, beside;
} Ways;

typedef struct {
  int64_t count;
  int64_t at[LINES];
  float held[LINES * LINES * LINES]; /* count x others x others */
} Lines;

/* What most evidence of any run of stretches adds up to, for each of `count` places. `room` is twice as long. */
ON_ANY_PROCESSOR
static void summed(const float *restrict evidence, size_t stretches, size_t count, float asked, float *restrict best,
                   float *restrict room) {
  float *restrict sums = room, *restrict lowest = room + count;
  memset(room, 0, 2 * count * sizeof *room);
  memset(best, 0, count * sizeof *best);
  for (size_t stretch = 0; stretch < stretches; stretch++, evidence += count)
    for (size_t at = 0; at < count; at++) {
      float sum = sums[at] + (evidence[at] - asked), least = lower(lowest[at], sum);
      sums[at] = sum, lowest[at] = least, best[at] = higher(best[at], sum - least);
    }
}

static void strongest(float *best, size_t count, float weakest, size_t beside, Lines *into) {
  into->at[0] = 0, into->count = 1;
  while (into->count < LINES - 1) {
    size_t line = 0;
    for (size_t at = 1; at < count; at++)
      if (best[at] > best[line]) line = at;
    if (!(best[line] >= weakest)) break;
    int64_t to = into->count++;
    for (; into->at[to - 1] > (int64_t)line + 1; to--) into->at[to] = into->at[to - 1];
    into->at[to] = (int64_t)line + 1;
    for (size_t at = line > beside ? line - beside : 0; at <= line + beside && at < count; at++) best[at] = -1;
  }
  into->at[into->count++] = (int64_t)count + 1;
}

ON_ANY_PROCESSOR
static void within(float *evidence, size_t count, float least, float most) {
  for (size_t at = 0; at < count; at++) evidence[at] = lower(higher(evidence[at], least), most);
}

/* How well each line is held between each two of the others. */
static void held(const float *evidence, size_t stretches, size_t places, const Lines *others, Lines *into, float *sums) {
  int64_t ends[LINES], *between = (int64_t *)others->at, count = others->count;
  double share = (double)stretches / (double)between[count - 1];
  for (int64_t at = 0; at < count; at++) ends[at] = (int64_t)rint((double)between[at] * share);
  for (int64_t at = 0; at < into->count * count * count; at++) into->held[at] = NAN;
  for (int64_t line = 1; line < into->count - 1; line++) {
    size_t place = (size_t)into->at[line] - 1, before = place ? place - 1 : 0;
    size_t behind = place + 1 < places ? place + 1 : places - 1;
    const float *of = evidence;
    sums[0] = 0;
    for (size_t stretch = 0; stretch < stretches; stretch++, of += places) {
      float thick = higher(of[place], higher(of[before], of[behind]) - 0.1f);
      sums[stretch + 1] = stretch ? sums[stretch] + thick : thick;
    }
    float *found = into->held + line * count * count;
    for (int64_t from = 0; from < count; from++)
      for (int64_t to = 0; to < count; to++) {
        int64_t stretch = ends[to] - ends[from] > 1 ? ends[to] - ends[from] : 1;
        *found++ = (float)((double)(sums[ends[to]] - sums[ends[from]]) / (double)stretch);
      }
  }
}

/* The lines of both directions. `upright` is stretches of rows x (width - 1), `level` stretches of columns x (height - 1);
   both are changed. 1: done; 0: there was no memory. */
int staydown_lines(float *upright, float *level, const size_t *stretches, size_t width, size_t height, const Ways *ways,
                   Lines *columns, Lines *rows) {
  size_t side = (width > height ? width : height) + 1;
  float *room = malloc(3 * side * sizeof *room);
  if (!room) return 0;
  within(upright, stretches[0] * (width - 1), (float)ways->least, (float)ways->most);
  within(level, stretches[1] * (height - 1), (float)ways->least, (float)ways->most);
  summed(upright, stretches[0], width - 1, (float)ways->asked, room, room + side);
  strongest(room, width - 1, (float)(ways->weakest * (double)stretches[0]), (size_t)ways->beside, columns);
  summed(level, stretches[1], height - 1, (float)ways->asked, room, room + side);
  strongest(room, height - 1, (float)(ways->weakest * (double)stretches[1]), (size_t)ways->beside, rows);
  held(upright, stretches[0], width - 1, rows, columns, room);
  held(level, stretches[1], height - 1, columns, rows, room);
  free(room);
  return 1;
}
