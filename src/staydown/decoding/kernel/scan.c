/* The first component of a baseline JPEG at an eighth or a quarter of its size, and nothing else (ITU-T T.81, F.2.2).

A fingerprint needs an eighth or a quarter of a photograph. Most of a decoder's time then goes into reading codes of
coefficients that it throws away; here several such codes at once are looked up by the bits that they begin with.
Whatever is not a plain, whole, well-formed scan is refused (0), and the usual decoder looks at the file. So is a scan whose
blocks have another mean than what is shown of them (shown.h). */
#include "codes.h"
#include "shown.h"

#define PAD 512 /* bytes behind a segment: more than a block can take, 64 codes of 16 bits with 15 more each */
#define DEEPEST 4092 /* of eight times a block's mean: four times what a picture has; libjpeg wraps it round beyond */
#define KEPT 5 /* coefficients of a block that are needed at most */
#define LARGEST 12 /* blocks of a unit: three components of four */

/* A block of a unit: its tables, and how far beyond the unit's first sample its own are. */
typedef struct {
  const table_t *dc, *ac;
  uint64_t beyond;
} place_t;

int staydown_scan_interface(void) { return 10; }

/* Bytes of a segment without the zeros stuffed after each 255, padded; where the marker behind it stands, or NULL. */
static const uint8_t *unstuffed(const uint8_t *from, const uint8_t *end, uint8_t *clean, uint64_t *length) {
  uint8_t *to = clean;
  for (;;) {
    const uint8_t *mark = memchr(from, 255, (size_t)(end - from));
    if (!mark || end - mark < 2) return NULL;
    memcpy(to, from, (size_t)(mark - from));
    to += mark - from;
    if (mark[1]) {
      memset(to, 0, PAD);
      *length = (uint64_t)(to - clean);
      return mark;
    }
    *to++ = 255;
    from = mark + 2;
  }
}

/* One code of a block, whatever it is, of which the first `kept` coefficients are; where the block is then: COEFFICIENTS at
   its end, -1 if there is no such code. */
static inline int alone(bits_t *bits, const table_t *ac, int at, int kept, int *found) {
  fill(bits);
  int value = code(bits, ac), many = value < 0 ? -1 : span(value);
  if (many <= 0) return many ? -1 : COEFFICIENTS;
  if ((at += many) > COEFFICIENTS) return -1;
  if (value & 15) {
    int coefficient = taken(bits, value & 15);
    if (at <= kept) found[at - 1] = coefficient;
  }
  fill(bits);
  return at;
}

/* Codes that are looked up together, none of them needed, of at most 27 bits; where the block is then: COEFFICIENTS at its
   end, and where it was if its next code must be read alone. */
static inline int skipped(bits_t *bits, const table_t *ac, int at) {
  uint32_t several = ac->several[bits->held >> (64 - LOOK)];
  int after = at + (int)(several >> 5 & 127);
  if (__builtin_expect(after >= COEFFICIENTS, 0)) return at;
  drop(bits, several & 31);
  return several & END ? COEFFICIENTS : after;
}

/* One block: the difference of its first coefficient, and if `low` those at places 1, 2 and 4 of the zigzag. A filling is for
   56 bits: what is looked up and kept takes at most 12, and two steps are skipped for one filling. */
static inline int block(bits_t *bits, const table_t *dc, const table_t *ac, int low, int *found) {
  fill(bits);
  int32_t quick = dc->whole[bits->held >> (64 - LOOK)];
  if (__builtin_expect(quick != 0, 1)) {
    drop(bits, quick & 255);
    found[0] = quick >> 16;
  } else {
    int size = code(bits, dc);
    if (size < 0 || size > 11) return 0;
    found[0] = size ? taken(bits, size) : 0;
    fill(bits);
  }
  int at = 1;
  while (low && at < KEPT) {
    if (__builtin_expect((quick = ac->whole[bits->held >> (64 - LOOK)]) != 0, 1)) {
      drop(bits, quick & 255);
      at += quick >> 8 & 255;
      if (at <= KEPT) found[at - 1] = quick >> 16;
      fill(bits);
    } else if ((at = alone(bits, ac, at, KEPT, found)) < 0) return 0;
  }
  for (int before, twice = low; at < COEFFICIENTS; twice = 1) {
    at = skipped(bits, ac, before = at);
    if (twice && at > before && at < COEFFICIENTS) at = skipped(bits, ac, before = at);
    if (at >= COEFFICIENTS) break;
    if (__builtin_expect(at > before, 1)) fill(bits);
    else if ((at = alone(bits, ac, at, KEPT, found)) < 0) return 0;
  }
  return 1;
}

/* One block and all of its coefficients. */
static __attribute__((noinline)) int block_whole(bits_t *bits, const table_t *dc, const table_t *ac, int *found) {
  memset(found, 0, COEFFICIENTS * sizeof *found);
  fill(bits);
  int size = code(bits, dc);
  if (size < 0 || size > 11) return 0;
  found[0] = size ? taken(bits, size) : 0;
  for (int at = 1; at < COEFFICIENTS;)
    if ((at = alone(bits, ac, at, COEFFICIENTS, found)) < 0) return 0;
  return 1;
}

static inline uint8_t sample(int64_t value) {
  value = (value >> 16) + 128;
  return value < 0 ? 0 : value > 255 ? 255 : (uint8_t)value;
}

/* A block's samples: its mean as libjpeg rounds it, or the means of its quarters as far as the low frequencies say. */
static inline void drawn(const int *found, const uint16_t *quantisers, int low, uint8_t *to, uint64_t stride) {
  int64_t mean = ((int64_t)found[0] * quantisers[0] + 4 - 4 * low) * 8192;
  if (!low) {
    *to = sample(mean);
    return;
  }
  /* cos(pi / 16), cos(3 pi / 16), cos(5 pi / 16), cos(7 pi / 16) have the mean m = 0.6407; m / 4 / sqrt(2), m * m / 4 */
  int64_t across = (int64_t)found[1] * quantisers[1] * 7423, down = (int64_t)found[2] * quantisers[2] * 7423;
  int64_t both = (int64_t)found[4] * quantisers[4] * 6726;
  mean += 1 << 15;
  to[0] = sample(mean + across + down + both);
  to[1] = sample(mean - across + down - both);
  to[stride] = sample(mean + across - down - both);
  to[stride + 1] = sample(mean - across - down + both);
}

/* `tables`: 4 x 272 bytes, DC 0 and 1, AC 0 and 1. `units`: how many across and in all, and of the first component's blocks
one of how many is compared with what is shown of it, by what chance. `interval`: units between restarts. `shape`: blocks
of the first component in a unit across and down, blocks of the other components. `blocks`: the DC and AC table (0 or 1)
of the first component's blocks, then of each of the others. `quantisers`: the 64 of the first component. `low`: 0 for an eighth, 1 for a quarter. `clean`: room for `length` + PAD bytes. `samples`: a
whole number of units. 1 if all of it is there. */
int staydown_scan(const uint8_t *data, uint64_t length, const uint8_t *tables, const uint64_t *units, uint64_t interval,
                  const uint8_t *shape, const uint8_t *blocks, const uint16_t *quantisers, int low, uint8_t *clean,
                  uint8_t *samples) {
  table_t built[4];
  for (int at = 0; at < 4; at++)
    if (!staydown_codes(&built[at], tables + at * 272, at > 1, at < 2 || low)) return 0;
  const uint8_t *from = data, *end = data + length;
  const int own = shape[0] * shape[1], all = own + shape[2], side = 1 + low;
  const uint64_t stride = units[0] * shape[0] * (uint64_t)side;
  place_t places[LARGEST];
  if (all > LARGEST) return 0;
  for (int at = 0; at < all; at++) {
    const uint8_t *use = blocks + (at < own ? 0 : 2 * (at - own + 1));
    uint64_t beyond = at < own ? (uint64_t)(at / shape[0] * side) * stride + (uint64_t)(at % shape[0] * side) : 0;
    places[at] = (place_t){&built[use[0]], &built[2 + use[1]], beyond};
  }
  uint64_t column = 0;
  shown_t shown;
  staydown_shown(&shown, units[2], units[3]);
  uint64_t until = shown.until;
  for (uint64_t done = 0, restarts = 0; done < units[1]; restarts++) {
    uint64_t size, last = units[1] - done < interval ? units[1] : done + interval;
    const uint8_t *mark = unstuffed(from, end, clean, &size);
    if (!mark || mark[1] != (last == units[1] ? 0xD9 : 0xD0 + (restarts & 7))) return 0;
    bits_t bits = {clean, 0, 0};
    int before = 0;
    for (; done < last; done++) {
      for (int at = 0; at < all; at++) {
        int found[COEFFICIENTS], compared = at < own && --until == 0;
        memset(found, 0, KEPT * sizeof *found);
        if (__builtin_expect(compared, 0)) {
          if (!block_whole(&bits, places[at].dc, places[at].ac, found)) return 0;
        } else if (!block(&bits, places[at].dc, places[at].ac, low && at < own, found)) return 0;
        if ((uint64_t)(bits.at - clean) * 8 > size * 8 + (uint64_t)bits.count) return 0;
        if (at >= own) continue;
        found[0] = before += found[0];
        if (before * quantisers[0] < -DEEPEST || before * quantisers[0] >= DEEPEST) return 0;
        drawn(found, quantisers, low, samples + places[at].beyond, stride);
        if (__builtin_expect(!compared, 1)) continue;
        if (!staydown_is_shown(&shown, found, quantisers)) return 0;
        until = shown.until;
      }
      samples += shape[0] * side;
      if (++column == units[0]) samples += stride * (uint64_t)(shape[1] * side - 1), column = 0;
    }
    if (size * 8 + (uint64_t)bits.count - (uint64_t)(bits.at - clean) * 8 >= 8) return 0;
    from = mark + 2;
  }
  return staydown_all_shown(&shown);
}
