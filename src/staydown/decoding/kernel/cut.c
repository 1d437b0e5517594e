/* Parts of a picture brought to squares (staydown.decoding.places). A picture is height rows of width floats. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rounding.h"

#define SIDE 128 /* rows and columns of a canvas */
#define MOST 32  /* samples of a side that one cell may reach */

void staydown_down(const uint8_t *plane, size_t stride, size_t width, size_t top, size_t height, int floats,
                   const int32_t *first, const float *weights, size_t reach, size_t outputs, float *into);

/* The cells of one side of a part: where each begins among the picture's samples, and what each sample weighs. */
typedef struct {
  int32_t first[SIDE];
  float weights[SIDE * MOST];
  size_t reach, begin, count; /* samples of the picture that any cell reaches */
} Cells;

static double smaller(double one, double other) { return one < other ? one : other; }
static double larger(double one, double other) { return one > other ? one : other; }

/* As `staydown.decoding.bands.cells` has them. 0: a cell reaches too far. */
static int cells(size_t samples, double start, double end, Cells *into) {
  double edges[SIDE + 1], step = (end - start) / SIDE, widest = 0, share = SIDE / ((end - start) * (double)samples);
  for (int at = 0; at < SIDE; at++) edges[at] = (at * step + start) * (double)samples;
  edges[SIDE] = end * (double)samples;
  for (int at = 0; at < SIDE; at++) widest = larger(widest, edges[at + 1] - edges[at]);
  if (!(widest + 2 < MOST && edges[0] >= 0 && edges[SIDE] <= (double)samples)) return 0;
  size_t reach = (size_t)widest + 2 < samples ? (size_t)widest + 2 : samples;
  for (int at = 0; at < SIDE; at++) {
    size_t first = (size_t)edges[at] < samples - reach ? (size_t)edges[at] : samples - reach;
    into->first[at] = (int32_t)first;
    for (size_t place = 0; place < reach; place++) {
      double low = larger(edges[at], (double)(first + place)), high = smaller(edges[at + 1], (double)(first + place + 1));
      into->weights[(size_t)at * reach + place] = (float)(larger(0, high - low) * share);
    }
  }
  into->reach = reach, into->begin = (size_t)into->first[0];
  into->count = (size_t)into->first[SIDE - 1] + reach - into->begin;
  for (int at = 0; at < SIDE; at++) into->first[at] -= (int32_t)into->begin;
  return 1;
}

#define BESIDE 8 /* rows that are read side by side */

ON_ANY_PROCESSOR
static void exchanged(const float *restrict from, size_t rows, size_t columns, float *restrict into) {
  for (size_t row = 0; row < rows; row += BESIDE)
    for (size_t column = 0; column < columns; column++)
      for (size_t each = 0; each < BESIDE; each++)
        into[column * rows + row + each] = from[(row + each) * columns + column];
}

/* Some columns of a plane down its rows, each column a row of `into`: columns x 128. 1: done; 0: there was no memory. */
static int down(const float *plane, size_t width, size_t columns, const Cells *rows, float *into) {
  float *lines = columns ? calloc(SIDE * columns, sizeof *lines) : NULL;
  if (!lines) return columns == 0;
  staydown_down((const uint8_t *)(plane + rows->begin * width), width * sizeof *plane, columns, 0, rows->count, 1,
                rows->first, rows->weights, rows->reach, SIDE, lines);
  exchanged(lines, SIDE, columns, into);
  free(lines);
  return 1;
}

#define TOGETHER 16 /* columns; those behind the last whole sixteen of a picture are rounded in another way */

/* The mean over each of 128 x 128 cells of a box: left, top, right, bottom, as parts of the picture's sides. 1: done;
   0: a cell reaches too far, or there was no memory. */
int staydown_canvas(const float *picture, size_t width, size_t height, const double *box, float *into) {
  Cells rows, columns;
  if (!cells(height, box[1], box[3], &rows) || !cells(width, box[0], box[2], &columns)) return 0;
  size_t end = columns.begin + columns.count, whole = width / TOGETHER * TOGETHER;
  size_t begin = columns.begin / TOGETHER * TOGETHER, body = (end + TOGETHER - 1) / TOGETHER * TOGETHER;
  if (begin > whole) begin = whole;
  if (body > whole) body = whole;
  float *turned = calloc(SIDE * (width - begin + SIDE), sizeof *turned), *found = turned + SIDE * (width - begin);
  if (!turned) return 0;
  int done = down(picture + begin, width, body - begin, &rows, turned) &&
             down(picture + body, width, end > whole ? width - whole : 0, &rows, turned + SIDE * (body - begin));
  staydown_down((const uint8_t *)(turned + SIDE * (columns.begin - begin)), SIDE * sizeof *turned, SIDE, 0,
                columns.count, 1, columns.first, columns.weights, columns.reach, SIDE, found);
  exchanged(found, SIDE, SIDE, into);
  free(turned);
  return done;
}

#define WIDEST (4 * SIDE) /* samples of a row of a square before it is made smaller */

typedef struct {
  int32_t upper[WIDEST], upper_right[WIDEST], lower[WIDEST], lower_right[WIDEST]; /* the four samples around a place */
  double across[WIDEST], down[WIDEST];                                            /* how far it is from the first */
  double inside[WIDEST];                                                          /* 1, or 0 beyond the picture */
} Row;

/* Where the samples of one row of a square lie in the picture: Pillow's Image.Transform.PERSPECTIVE, whose eight numbers
   these are, interpolated in both directions. */
ON_ANY_PROCESSOR
static void placed(const double *restrict numbers, int row, int side, int32_t width, int32_t height,
                   Row *restrict into) {
  double a0 = numbers[0], a1 = numbers[1], a2 = numbers[2], a3 = numbers[3], a4 = numbers[4], a5 = numbers[5];
  double a6 = numbers[6], a7 = numbers[7], y = row + 0.5, wide = width, high = height;
  for (int column = 0; column < side; column++) {
    double x = column + 0.5, depth = a6 * x + a7 * y + 1;
    double across = (a0 * x + a1 * y + a2) / depth, down = (a3 * x + a4 * y + a5) / depth;
    double inside = across < 0 ? 0 : 1;
    inside = across < wide ? inside : 0;
    inside = down < 0 ? 0 : inside;
    inside = down < high ? inside : 0;
    across = across - 0.5, down = down - 0.5;
    into->inside[column] = inside;
    into->across[column] = inside != 0 ? across : 0, into->down[column] = inside != 0 ? down : 0;
  }
  for (int column = 0; column < side; column++) {
    double across = into->across[column], down = into->down[column];
    int32_t left = (int32_t)(across + 1) - 1, upper = (int32_t)(down + 1) - 1;
    left -= left > across, upper -= upper > down; /* + 1 was rounded up */
    into->across[column] = across - left, into->down[column] = down - upper;
    int32_t first = left < 0 ? 0 : left, top = upper < 0 ? 0 : upper;
    int32_t right = left + 1 < width ? left + 1 : width - 1, bottom = upper + 1 < height ? upper + 1 : height - 1;
    into->upper[column] = top * width + first, into->lower[column] = bottom * width + first;
    into->upper_right[column] = top * width + right, into->lower_right[column] = bottom * width + right;
  }
}

ON_ANY_PROCESSOR
static void interpolated(const float *restrict picture, const Row *restrict row, int side, float *restrict into) {
  for (int at = 0; at < side; at++) {
    float upper = picture[row->upper[at]], lower = picture[row->lower[at]];
    double one = upper + (double)(picture[row->upper_right[at]] - upper) * row->across[at];
    double other = lower + (double)(picture[row->lower_right[at]] - lower) * row->across[at];
    into[at] = (float)((one + (other - one) * row->down[at]) * row->inside[at]);
  }
}

/* The mean of fold x fold samples, summed as Pillow's `reduce` does it: two by two. */
static inline __attribute__((always_inline)) float mean(const float *one, int fold) {
  double sum = 0;
  for (int row = 0; row < fold; row += 2, one += 2 * fold * SIDE) {
    const float *other = one + fold * SIDE;
    for (int at = 0; at < fold; at += 2) {
      float some = one[at];
      if (at + 1 < fold) some += one[at + 1];
      if (row + 1 < fold) some += other[at];
      if (row + 1 < fold && at + 1 < fold) some += other[at + 1];
      sum += some;
    }
  }
  return (float)(sum * (1.0 / (fold * fold)));
}

/* Those of `fold` rows. */
ON_ANY_PROCESSOR
static void folded(const float *restrict rows, int fold, float *restrict into) {
  if (fold == 1)
    memcpy(into, rows, SIDE * sizeof *into);
  else if (fold == 2)
    for (int at = 0; at < SIDE; at++) into[at] = mean(rows + 2 * at, 2);
  else if (fold == 3)
    for (int at = 0; at < SIDE; at++) into[at] = mean(rows + 3 * at, 3);
  else
    for (int at = 0; at < SIDE; at++) into[at] = mean(rows + 4 * at, 4);
}

/* A quadrilateral as a square of 128 x 128 samples, each the mean of fold x fold. `numbers` as Pillow takes them for a
   square of 128 * fold. 1: done; 0: too large. */
int staydown_warped(const float *picture, size_t width, size_t height, const double *numbers, int fold, float *into) {
  float rows[4 * WIDEST];
  Row places;
  if (fold < 1 || fold > 4 || width == 0 || height == 0 || width > 1 << 14 || height > 1 << 14) return 0;
  for (int row = 0; row < SIDE; row++, into += SIDE) {
    for (int each = 0; each < fold; each++) {
      placed(numbers, row * fold + each, SIDE * fold, (int32_t)width, (int32_t)height, &places);
      interpolated(picture, &places, SIDE * fold, rows + each * SIDE * fold);
    }
    folded(rows, fold, into);
  }
  return 1;
}
