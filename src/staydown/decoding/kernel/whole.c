/* A whole plane down its columns and along its rows. What is between the two, a few lines, stays in the processor's
   cache. */
#include <stdlib.h>
#include <string.h>

#include "whole.h"

/* The instruction set that is used where at most this one may be: 2 AVX-512, 1 AVX2, 0 whatever the compiler makes of it. */
static int set_of(int most) {
  int set = 0;
#ifdef BY_PROCESSOR
  if (most >= 1 && __builtin_cpu_supports("avx2")) set = 1;
  if (most >= 2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")) set = 2;
#endif
  return set < most ? set : most;
}

/* Samples as staydown_down reads them, which knows no colours: 1 where they were, or have become, such. `brightness` is
   then to be freed. */
static int without_colours(plane_t *plane, float **brightness) {
  *brightness = NULL;
  if (plane->kind != COLOURS) return 1;
  float *line = *brightness = malloc(plane->width * plane->height * sizeof *line);
  if (!line) return 0;
  for (size_t row = 0; row < plane->height; row++, line += plane->width)
    staydown_brightness((const uint32_t *)(plane->samples + row * plane->stride), plane->width, line);
  plane->samples = (const uint8_t *)*brightness, plane->stride = plane->width * sizeof *line, plane->kind = FLOATING;
  return 1;
}

/* Eight outputs of the rows after the other. */
static void eight_by_eight(const whole_t *whole) {
  const plane_t *plane = &whole->plane;
  const bands_t *down = &whole->down, *across = &whole->across;
  float *lines = whole->room + ROWS * plane->width;
  for (size_t at = 0; at < down->outputs; at += ROWS) {
    memset(lines, 0, ROWS * plane->width * sizeof *lines);
    staydown_down(plane->samples, plane->stride, plane->width, 0, plane->height, plane->kind == FLOATING,
                  down->first + at, down->weights + at * down->reach, down->reach, ROWS, lines);
    staydown_woven(lines, plane->width, whole->room);
    for (size_t output = 0; output < across->outputs; output += SIDE)
      staydown_along((const Sums *)whole->room, across->first + output, across->weights + output * across->reach,
                     across->reach, SIDE, place_of(whole, at, output));
  }
}

/* Down and across. At most instruction set `most` is used. 1: done; 0: there was no memory. */
int staydown_reduced(int most, const uint8_t *samples, size_t stride, size_t width, size_t height, int kind,
                     const int32_t *first, const float *weights, size_t reach, size_t rows,
                     const int32_t *first_across, const float *weights_across, size_t reach_across, size_t columns,
                     float *into) {
  float *brightness = NULL, *room = aligned_alloc(sizeof(Sums), 3 * ROWS * width * sizeof *room);
  whole_t whole = {{samples, stride, width, height, (kind_t)kind}, {first, weights, reach, rows},
                   {first_across, weights_across, reach_across, columns}, into, room};
  int set = set_of(most), done = 1;
  if (!room) return 0;
#ifdef BY_PROCESSOR
  if (set && rows == 2 * SIDE && width >= narrowest(set))
    staydown_in_pairs(set, &whole);
  else
#endif
  if ((done = without_colours(&whole.plane, &brightness))) eight_by_eight(&whole);
  free(brightness);
  free(room);
  return done;
}
