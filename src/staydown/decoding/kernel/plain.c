/* Where a picture is plain, and what frames a part (staydown.decoding.plain, staydown.decoding.bezels). A picture is
   height rows of width floats. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rounding.h"

static inline float apart(float one, float other) { return one > other ? one - other : other - one; }

/* What tells plain lines from others, as `staydown.decoding.plain` names it. */
typedef struct {
  double near, almost_all, least, plain, shortest, longest;
} Ways;

/* The value that stands at a place when all are in order; smaller ones are moved before it, larger ones behind. */
static float ranked(float *some, int64_t count, int64_t place) {
  int64_t low = 0, high = count - 1;
  while (low < high) {
    float middle = some[low + (high - low) / 2];
    int64_t left = low, right = high;
    while (left <= right) {
      while (some[left] < middle) left++;
      while (some[right] > middle) right--;
      if (left > right) break;
      float one = some[left];
      some[left++] = some[right], some[right--] = one;
    }
    if (place <= right)
      high = right;
    else if (place >= left)
      low = left;
    else
      break;
  }
  return some[place];
}

static float median(const float *line, ptrdiff_t along, int64_t length, float *room) {
  for (int64_t at = 0; at < length; at++) room[at] = line[at * along];
  float upper = ranked(room, length, length / 2);
  if (length % 2) return upper;
  float lower = room[0];
  for (int64_t at = 1; at < length / 2; at++)
    if (room[at] > lower) lower = room[at];
  return (lower + upper) / 2;
}

static int is_plain(const float *line, ptrdiff_t along, int64_t length, float middle, const Ways *ways) {
  int64_t near = 0;
  for (int64_t at = 0; at < length; at++) near += apart(line[at * along], middle) <= (float)ways->near;
  return (double)near / (double)length >= ways->almost_all;
}

/* How many first lines, `next` apart, are plain and of the first one's colour. */
static int64_t border(const float *line, ptrdiff_t next, int64_t count, ptrdiff_t along, int64_t length, float *room,
                      const Ways *ways) {
  float first = 0;
  for (int64_t at = 0; at < count; at++, line += next) {
    float middle = median(line, along, length, room);
    if (at == 0) first = middle;
    if (!is_plain(line, along, length, middle, ways) || !(apart(middle, first) <= (float)(2 * ways->near))) return at;
  }
  return count;
}

/* What remains (left, top, right, bottom) inside lines of the border's colour; 0 when nothing would, or nothing goes. */
static int inside(const float *seen, int64_t width, int64_t height, float *room, const Ways *ways, int64_t *into) {
  int64_t top = border(seen, width, height, 1, width, room, ways);
  int64_t bottom = border(seen + (height - 1) * width, -width, height, 1, width, room, ways);
  int64_t rows = height - top - bottom;
  if ((double)rows < ways->least) return 0;
  const float *middle = seen + top * width;
  int64_t left = border(middle, 1, width, width, rows, room, ways);
  int64_t right = border(middle + width - 1, -1, width, width, rows, room, ways);
  if ((double)(width - left - right) < ways->least || top + bottom + left + right == 0) return 0;
  into[0] = left, into[1] = top, into[2] = width - right, into[3] = height - bottom;
  return 1;
}

/* `inside`; -1: there was no memory. */
int staydown_inside(const float *seen, int64_t width, int64_t height, const Ways *ways, int64_t *into) {
  float *room = malloc((size_t)(width > height ? width : height) * sizeof *room);
  if (!room) return -1;
  int found = inside(seen, width, height, room, ways, into);
  free(room);
  return found;
}

#define LEVELS 32 /* steps of 8 of 255 in which the commonest colour of a line is counted */

ON_ANY_PROCESSOR
static void levelled(const float *from, size_t count, uint8_t *into) {
  for (size_t at = 0; at < count; at++) {
    float seen = from[at] > 0 ? from[at] : 0;
    into[at] = (uint8_t)((int32_t)(seen < 255 ? seen : 255) >> 3);
  }
}

/* Of a line whose levels were counted, the part in its two commonest neighbouring ones, and the lower of the two. */
static double commonest(const uint32_t *counted, int64_t length, int *lower) {
  uint32_t many = 0;
  *lower = 0;
  for (int at = 0; at < LEVELS - 1; at++)
    if (counted[at] + counted[at + 1] > many) many = counted[at] + counted[at + 1], *lower = at;
  return (double)many / (double)length;
}

/* For each of some rows its share and level. */
static void of_rows(const uint8_t *levels, int64_t width, int64_t rows, double *shares, int *lower) {
  for (; rows; rows--, levels += width) {
    uint32_t counted[4][LEVELS] = {{0}}; /* plain lines: one counter would wait for itself */
    int64_t at = 0;
    for (; at + 4 <= width; at += 4)
      for (int each = 0; each < 4; each++) counted[each][levels[at + each]]++;
    for (; at < width; at++) counted[0][levels[at]]++;
    for (int level = 0; level < LEVELS; level++)
      counted[0][level] += counted[1][level] + counted[2][level] + counted[3][level];
    *shares++ = commonest(counted[0], width, lower++);
  }
}

/* For each column of some rows its share. */
static void of_columns(const uint8_t *levels, int64_t width, int64_t rows, uint32_t *counted, double *shares) {
  int lower;
  memset(counted, 0, (size_t)width * LEVELS * sizeof *counted);
  for (int64_t row = 0; row < rows; row++, levels += width)
    for (int64_t at = 0; at < width; at++) counted[at * LEVELS + levels[at]]++;
  for (int64_t at = 0; at < width; at++) shares[at] = commonest(counted + at * LEVELS, rows, &lower);
}

static void unlike_page(const double *shares, const int *levels, int64_t count, const Ways *ways, uint8_t *busy) {
  int64_t counted[LEVELS] = {0};
  int page = 0;
  for (int64_t at = 0; at < count; at++) counted[levels[at]] += shares[at] >= ways->plain;
  for (int level = 1; level < LEVELS; level++)
    if (counted[level] > counted[page]) page = level;
  for (int64_t at = 0; at < count; at++)
    busy[at] = !(shares[at] >= ways->plain && levels[at] - page <= 1 && page - levels[at] <= 1);
}

/* First line and end of the longest run of busy lines; 0 when it is short, or all. */
static int longest(const uint8_t *busy, int64_t count, const Ways *ways, int64_t *run) {
  int64_t reach = count / 60 > 1 ? count / 60 : 1, begin = -1, most = 0, near = 0;
  for (int64_t at = -reach; at <= reach; at++) near += busy[at < 0 ? 0 : at < count ? at : count - 1];
  for (int64_t at = 0; at <= count; at++) {
    int is_busy = at < count && near > reach; /* more than half of 2 * reach + 1 */
    if (is_busy && begin < 0) begin = at;
    if (!is_busy && begin >= 0) {
      if (at - begin > most) run[0] = begin, run[1] = at, most = at - begin;
      begin = -1;
    }
    int64_t ahead = at + reach + 1, behind = at - reach;
    near += busy[ahead < count ? ahead : count - 1] - busy[behind < 0 ? 0 : behind < count ? behind : count - 1];
  }
  return most > 0 && ways->shortest * (double)count <= (double)most && (double)most <= ways->longest * (double)count;
}

static int busiest(const double *shares, int64_t count, const Ways *ways, uint8_t *busy, int64_t *run) {
  for (int64_t at = 0; at < count; at++) busy[at] = shares[at] < ways->plain;
  return longest(busy, count, ways, run);
}

typedef struct {
  float *line;
  double *shares;
  uint32_t *counted;
  int *lower;
  uint8_t *busy, *levels;
} Room;

static int64_t *placed(int64_t *into, int64_t left, int64_t top, int64_t right, int64_t bottom) {
  into[0] = left, into[1] = top, into[2] = right, into[3] = bottom;
  return into + 4;
}

/* At most five spans; the rows were counted. */
static int64_t *banded(const float *seen, int64_t width, int64_t height, const Ways *ways, Room *room, int64_t *into) {
  int64_t run[2], kept[4];
  unlike_page(room->shares, room->lower, height, ways, room->busy);
  if (longest(room->busy, height, ways, run)) into = placed(into, 0, run[0], width, run[1]);
  if (busiest(room->shares, height, ways, room->busy, run)) {
    int64_t top = run[0], bottom = run[1];
    into = placed(into, 0, top, width, bottom);
    if (inside(seen + top * width, width, bottom - top, room->line, ways, kept))
      into = placed(into, kept[0], top + kept[1], kept[2], top + kept[3]);
    of_columns(room->levels + top * width, width, bottom - top, room->counted, room->shares);
    if (busiest(room->shares, width, ways, room->busy, run)) into = placed(into, run[0], top, run[1], bottom);
  }
  of_columns(room->levels, width, height, room->counted, room->shares);
  return busiest(room->shares, width, ways, room->busy, run) ? placed(into, run[0], 0, run[1], height) : into;
}

/* The longest bands that are not plain: how many spans (four numbers each) there are; -1: there was no memory. */
int staydown_banded(const float *seen, int64_t width, int64_t height, const Ways *ways, int64_t *into) {
  size_t side = (size_t)(width > height ? width : height), all = (size_t)(width * height);
  char *memory = malloc(side * (sizeof(double) + sizeof(float) + sizeof(int) + 1 + LEVELS * sizeof(uint32_t)) + all);
  if (!memory) return -1;
  Room room = {.shares = (double *)memory};
  room.line = (float *)(room.shares + side), room.lower = (int *)(room.line + side);
  room.counted = (uint32_t *)(room.lower + side), room.busy = (uint8_t *)(room.counted + LEVELS * side);
  room.levels = room.busy + side;
  levelled(seen, all, room.levels);
  of_rows(room.levels, width, height, room.shares, room.lower);
  int found = (int)((banded(seen, width, height, ways, &room, into) - into) / 4);
  free(memory);
  return found;
}

/* How many lines at one side of a canvas belong to a frame: up to the innermost on an edge, of `widest`; an edge may lie
   between two. Lines are `next` apart. */
ON_ANY_PROCESSOR
static int64_t framed(const float *line, ptrdiff_t next, int64_t length, int64_t widest, float steep, double held) {
  for (int64_t at = widest; at >= 2; at--) {
    const float *before = line + (at - 1) * next, *here = before + next, *behind = here + next;
    int32_t edges = 0;
    for (int64_t sample = 0; sample < length; sample++)
      edges += (apart(here[sample], before[sample]) > steep) | (apart(behind[sample], here[sample]) > steep);
    if ((double)edges / (double)length >= held) return at;
  }
  return 0;
}

#define CANVAS 128
#define DEEPEST 32 /* lines at a side */

/* The first columns of a canvas, from one of its sides on, as rows. */
static void exchanged(const float *seen, ptrdiff_t next, int64_t lines, float *into) {
  for (int64_t row = 0; row < CANVAS; row++, seen += CANVAS)
    for (int64_t line = 0; line < lines; line++) into[line * CANVAS + row] = seen[line * next];
}

/* At the left, right, upper and lower side of a canvas, whose lines' samples within `margin` of both ends are left out. */
void staydown_framed(const float *seen, int64_t margin, int64_t widest, float steep, double held, int64_t *into) {
  float lines[DEEPEST * CANVAS] = {0};
  int64_t length = CANVAS - 2 * margin, deep = widest + 2 < DEEPEST ? widest + 2 : DEEPEST;
  exchanged(seen, 1, deep, lines);
  into[0] = framed(lines + margin, CANVAS, length, deep - 2, steep, held);
  exchanged(seen + CANVAS - 1, -1, deep, lines);
  into[1] = framed(lines + margin, CANVAS, length, deep - 2, steep, held);
  into[2] = framed(seen + margin, CANVAS, length, deep - 2, steep, held);
  into[3] = framed(seen + (CANVAS - 1) * CANVAS + margin, -CANVAS, length, deep - 2, steep, held);
}
