/* Rectangles between straight lines, and the cells of a collage (staydown.decoding.rectangles). Of `count` lines of one
   direction `at` says where they are, the picture's own two sides the first and the last of them; `held`, count x others x
   others, how well each is held between two of the other direction. */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rounding.h"

#define LINES 20

typedef struct {
  const int64_t *at;
  int64_t count;
  const float *held;
} Lines;

static float held_at(const Lines *lines, const Lines *others, int64_t line, int64_t from, int64_t to) {
  return lines->held[(line * others->count + from) * others->count + to];
}

#define RANKED 300 /* rectangles that are looked at, the best */
#define KEPT 12

typedef struct {
  double score;
  int64_t span[4];
} Found;

/* Two lines between which there is room for a picture, and which part of the side is between them. */
typedef struct {
  int64_t first, last;
  double share;
} Pair;

static size_t apart_enough(const Lines *lines, double shortest, Pair *into) {
  Pair *begin = into;
  const int64_t *at = lines->at, count = lines->count;
  double length = (double)at[count - 1];
  for (int64_t first = 0; first < count; first++)
    for (int64_t last = first + 1; last < count; last++)
      if ((double)(at[last] - at[first]) >= shortest * length)
        *into++ = (Pair){first, last, (double)(at[last] - at[first]) / length};
  return (size_t)(into - begin);
}

/* How well a rectangle is held by its four sides, of which the picture's own count for little; less than 0: not well. */
static double score(const float *sides, float asked) {
  float worst = sides[0], sum = 0;
  int count = 0;
  for (int side = 0; side < 4; side++) {
    worst = fminf(worst, sides[side]);
    if (!isnan(sides[side])) sum += sides[side], count++;
  }
  if (!(worst >= asked)) return -1;
  return ((double)worst + (double)sum / count) / 2 * (0.6 + 0.1 * count);
}

/* Keep the best, the best first; of equals the one that came first. */
static size_t kept(Found *best, size_t count, const Found *some) {
  if (count == RANKED && some->score <= best[count - 1].score) return count;
  size_t low = 0, high = count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (best[middle].score < some->score)
      high = middle;
    else
      low = middle + 1;
  }
  size_t behind = (count == RANKED ? count - 1 : count) - low;
  memmove(best + low + 1, best + low, behind * sizeof *best);
  best[low] = *some;
  return count == RANKED ? count : count + 1;
}

static int64_t overlap_of(int64_t first, int64_t last, int64_t other_first, int64_t other_last) {
  int64_t begin = first > other_first ? first : other_first, end = last < other_last ? last : other_last;
  return end > begin ? end - begin : 0;
}

static int64_t area(const int64_t *span) { return (span[2] - span[0]) * (span[3] - span[1]); }

static int is_apart(const int64_t *one, const int64_t *other, double most) {
  int64_t both = overlap_of(one[0], one[2], other[0], other[2]) * overlap_of(one[1], one[3], other[1], other[3]);
  return (double)both / (double)(area(one) + area(other) - both) <= most;
}

static size_t all_scored(const Lines *columns, const Lines *rows, const double *asked, Found *best) {
  Pair across[LINES * LINES], down[LINES * LINES];
  size_t wide = apart_enough(columns, asked[1], across), high = apart_enough(rows, asked[1], down), count = 0;
  for (size_t x = 0; x < wide; x++)
    for (size_t y = 0; y < high; y++) {
      int64_t left = across[x].first, right = across[x].last, top = down[y].first, bottom = down[y].last;
      if (!(across[x].share * down[y].share <= asked[2])) continue;
      float sides[4] = {held_at(columns, rows, left, top, bottom), held_at(columns, rows, right, top, bottom),
                        held_at(rows, columns, top, left, right), held_at(rows, columns, bottom, left, right)};
      Found some = {score(sides, (float)asked[0]), {columns->at[left], rows->at[top], columns->at[right], rows->at[bottom]}};
      if (some.score >= 0) count = kept(best, count, &some);
    }
  return count;
}

/* At most 12 spans (left, top, right, bottom) of rectangles of two lines each way, the best first: how many; -1: there
   was no memory. `asked`: of each side; the shortest side, the largest area and overlap, as parts of the whole. */
int staydown_rectangles(const int64_t *columns, int64_t column_count, const float *columns_held, const int64_t *rows,
                        int64_t row_count, const float *rows_held, const double *asked, int64_t *into) {
  Lines across = {columns, column_count, columns_held}, down = {rows, row_count, rows_held};
  Found *best = malloc(RANKED * sizeof *best);
  if (!best || column_count > LINES || row_count > LINES) return free(best), -1;
  size_t count = all_scored(&across, &down, asked, best), found = 0;
  for (size_t each = 0; each < count && found < KEPT; each++) {
    size_t other = 0;
    while (other < found && is_apart(best[each].span, into + 4 * other, asked[3])) other++;
    if (other == found) memcpy(into + 4 * found++, best[each].span, 4 * sizeof *into);
  }
  free(best);
  return (int)found;
}

/* Places in the lines: left and right among those across, top and bottom among those down. */
typedef struct {
  int64_t left, right, top, bottom;
} Cell;

#define CELLS 256 /* that are kept of one step */
#define SEAMS LINES

/* What parts cells, as `staydown.decoding.rectangles` names it. */
typedef struct {
  double seam, clear, joint, middle, shortest, deep;
} Ways;

static double gap(const int64_t *at, int64_t one, int64_t other) { return (double)llabs(at[one] - at[other]); }

/* The ends of stretches between seams, or the cell's own sides, in which there is room for a picture: how many. */
static int between(const Lines *lines, const float *held, int64_t first, int64_t last, float least, const Ways *ways,
                   int64_t (*into)[2]) {
  double length = (double)lines->at[lines->count - 1], room = ways->shortest * length, joint = ways->joint * length;
  int64_t seams[SEAMS + 2], count = 0, found = 0;
  uint8_t seen[LINES] = {0};
  for (;;) { /* the clearest that was not looked at */
    int64_t line = -1;
    for (int64_t at = first + 1; at < last; at++)
      if (!seen[at] && held[at] >= least && (line < 0 || held[at] > held[line])) line = at;
    if (line < 0) break;
    seen[line] = 1;
    int64_t other = 0;
    while (other < count && (gap(lines->at, seams[other], line) >= room || gap(lines->at, seams[other], line) <= joint))
      other++;
    if (other == count) seams[count++] = line;
  }
  int64_t before = first;
  for (int64_t at = first + 1; at <= last; at++) {
    int is_seam = at == last;
    for (int64_t each = 0; each < count; each++) is_seam |= seams[each] == at;
    if (!is_seam) continue;
    if (gap(lines->at, at, before) >= room) into[found][0] = before, into[found++][1] = at;
    before = at;
  }
  return (int)found;
}

/* The parts into which the clearest seams through all of a cell cut it: how many there are now. */
static size_t cut(const Lines *columns, const Lines *rows, Cell cell, const Ways *ways, Cell *into, size_t count) {
  float upright[LINES], level[LINES], clearest = 0;
  int64_t wide[LINES][2], high[LINES][2];
  for (int64_t at = cell.left + 1; at < cell.right; at++)
    clearest = fmaxf(clearest, upright[at] = held_at(columns, rows, at, cell.top, cell.bottom));
  for (int64_t at = cell.top + 1; at < cell.bottom; at++)
    clearest = fmaxf(clearest, level[at] = held_at(rows, columns, at, cell.left, cell.right));
  float least = fmaxf((float)ways->seam, (float)ways->clear * clearest);
  if (clearest < least) return count;
  int across = between(columns, upright, cell.left, cell.right, least, ways, wide);
  int down = between(rows, level, cell.top, cell.bottom, least, ways, high);
  for (int y = 0; y < down; y++)
    for (int x = 0; x < across && count < CELLS; x++) {
      Cell part = {wide[x][0], wide[x][1], high[y][0], high[y][1]};
      if (memcmp(&part, &cell, sizeof cell)) into[count++] = part;
    }
  return count;
}

static int is_middle(const Lines *lines, int64_t line, double middle) {
  return fabs((double)lines->at[line] - (double)lines->at[lines->count - 1] / 2) <= middle;
}

/* The quarters of the picture whose two inner sides are seams: how many cells there are now. */
static size_t quarters(const Lines *columns, const Lines *rows, const Ways *ways, Cell *into, size_t count) {
  for (int64_t column = 0; column < columns->count; column++)
    for (int64_t row = 0; row < rows->count; row++) {
      if (!is_middle(columns, column, ways->middle) || !is_middle(rows, row, ways->middle)) continue;
      for (int each = 0; each < 4 && count < CELLS; each++) {
        Cell cell = {each < 2 ? 0 : column, each < 2 ? column : columns->count - 1, each % 2 ? row : 0,
                     each % 2 ? rows->count - 1 : row};
        float one = held_at(columns, rows, column, cell.top, cell.bottom);
        if (fminf(one, held_at(rows, columns, row, cell.left, cell.right)) >= (float)ways->seam) into[count++] = cell;
      }
    }
  return count;
}

static size_t spanned(const Lines *columns, const Lines *rows, const Cell *cells, size_t count, int64_t *into) {
  for (size_t cell = 0; cell < count; cell++, cells++) {
    *into++ = columns->at[cells->left], *into++ = rows->at[cells->top];
    *into++ = columns->at[cells->right], *into++ = rows->at[cells->bottom];
  }
  return count;
}

/* The cells of a collage, and behind these at most 12 of those into which they are cut again (left, top, right, bottom
   each); `counts` says how many of both. 1: done; 0: there are too many lines. */
int staydown_cells(const int64_t *columns, int64_t column_count, const float *columns_held, const int64_t *rows,
                   int64_t row_count, const float *rows_held, const double *ways, int64_t *into, int64_t *counts) {
  Lines across = {columns, column_count, columns_held}, down = {rows, row_count, rows_held};
  Ways asked = {ways[0], ways[1], ways[2], ways[3], ways[4], ways[5]};
  Cell first[CELLS], further[2 * CELLS];
  if (column_count > LINES || row_count > LINES) return 0;
  size_t outer = cut(&across, &down, (Cell){0, column_count - 1, 0, row_count - 1}, &asked, first, 0);
  size_t many = 0, begin = 0, end;
  for (size_t cell = 0; cell < outer; cell++) many = cut(&across, &down, first[cell], &asked, further, many);
  for (int deep = 1; deep < (int)asked.deep && many < KEPT; deep++, begin = end) {
    end = many;
    for (size_t cell = begin; cell < end; cell++) many = cut(&across, &down, further[cell], &asked, further, many);
  }
  outer = quarters(&across, &down, &asked, first, outer);
  counts[0] = (int64_t)spanned(&across, &down, first, outer, into);
  counts[1] = (int64_t)spanned(&across, &down, further, many < KEPT ? many : KEPT, into + 4 * outer);
  return 1;
}
