/* Down the columns in one instruction set. pairs.c includes this once for each, with TARGET, NAME(), LANES, FLOATS (so many
   of them), spread(), plus(), and of_bytes(), of_floats() and of_colours(), which read so many samples. */

typedef struct { FLOATS a, b, c, d; } NAME(block); /* columns beside each other, which stay in registers */

TARGET static ALWAYS FLOATS NAME(some)(const uint8_t *from, kind_t kind) {
  return kind == BYTES ? NAME(of_bytes)(from) : kind == FLOATING ? NAME(of_floats)(from) : NAME(of_colours)(from);
}

TARGET static ALWAYS NAME(block) NAME(samples)(const uint8_t *from, kind_t kind) {
  size_t step = LANES * size_of(kind);
  return (NAME(block)){NAME(some)(from, kind), NAME(some)(from + step, kind), NAME(some)(from + 2 * step, kind),
                       NAME(some)(from + 3 * step, kind)};
}

TARGET static ALWAYS NAME(block) NAME(sums)(NAME(block) sums, float weight, NAME(block) samples) {
  FLOATS all = spread(weight);
  return (NAME(block)){plus(sums.a, all, samples.a), plus(sums.b, all, samples.b), plus(sums.c, all, samples.c),
                       plus(sums.d, all, samples.d)};
}

TARGET static ALWAYS void NAME(put)(NAME(block) sums, float *into) {
  FLOATS *to = (FLOATS *)into;
  to[0] = sums.a, to[1] = sums.b, to[2] = sums.c, to[3] = sums.d;
}

/* A pair of lines, block after block: rows that only the one reaches, those that both do, those that only the other does.
   The last block begins where it is full, and gives again what the one before it gave. */
TARGET static ALWAYS void NAME(in_blocks)(const plane_t *plane, const pair_t *pair, kind_t kind) {
  const float *weights = pair->weights[0], *others = pair->weights[1];
  for (size_t x = 0; x < plane->width; x += BLOCK(LANES)) {
    if (x + BLOCK(LANES) > plane->width) x = plane->width - BLOCK(LANES);
    const uint8_t *from = plane->samples + pair->top * plane->stride + x * size_of(kind);
    NAME(block) one = {spread(0), spread(0), spread(0), spread(0)}, other = one;
    size_t row = 0, begin = pair->later, end = begin + pair->reach;
    for (; row < pair->reach && row < begin; row++)
      one = NAME(sums)(one, weights[row], NAME(samples)(from + row * plane->stride, kind));
    for (; row < pair->reach; row++) {
      NAME(block) samples = NAME(samples)(from + row * plane->stride, kind);
      one = NAME(sums)(one, weights[row], samples), other = NAME(sums)(other, others[row - begin], samples);
    }
    for (row = row < begin ? begin : row; row < end; row++)
      other = NAME(sums)(other, others[row - begin], NAME(samples)(from + row * plane->stride, kind));
    NAME(put)(one, pair->into[0] + x), NAME(put)(other, pair->into[1] + x);
  }
}

TARGET static void NAME(down)(const plane_t *plane, const pair_t *pair) {
  if (plane->kind == BYTES) NAME(in_blocks)(plane, pair, BYTES);
  if (plane->kind == FLOATING) NAME(in_blocks)(plane, pair, FLOATING);
  if (plane->kind == COLOURS) NAME(in_blocks)(plane, pair, COLOURS);
}

#undef TARGET
#undef NAME
#undef LANES
#undef FLOATS
#undef spread
#undef plus
