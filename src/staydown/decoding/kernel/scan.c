/* The first component of a baseline JPEG at an eighth or a quarter of its size, and nothing else (ITU-T T.81, F.2.2).

A fingerprint needs an eighth or a quarter of a photograph. Most of a decoder's time then goes into reading codes of
coefficients that it throws away; here several such codes at once are looked up by the bits that they begin with.
Whatever is not a plain, whole, well-formed scan is refused (0), and the usual decoder looks at the file. */
#include <stdint.h>
#include <string.h>

#define LOOK 12    /* bits that are looked up at once */
#define LONGEST 16 /* bits of a code */
#define COEFFICIENTS 64
#define PAD 512 /* bytes behind a segment: more than a block can take, 64 codes of 16 bits with 15 more each */
#define DEEPEST 4092 /* of eight times a block's mean: four times what a picture has; libjpeg wraps it round beyond */
#define END 0x1000
#define BEYOND (127 << 5)

typedef struct {
  uint16_t one[1 << LOOK];     /* value << 8 | bits of its code; 0: the code is longer */
  uint16_t several[1 << LOOK]; /* END | coefficients << 5 | bits: codes that are skipped together */
  int32_t whole[1 << LOOK];    /* coefficient << 16 | coefficients passed << 8 | bits; 0: more bits are needed */
  uint32_t first[LONGEST + 1], end[LONGEST + 1], place[LONGEST + 1];
  const uint8_t *values;
} table_t;

typedef struct {
  const uint8_t *at;
  uint64_t held; /* the next bits, from the highest on */
  int count;     /* of them */
} bits_t;

int staydown_scan_interface(void) { return 9; }

static inline void fill(bits_t *bits) {
  uint64_t next;
  memcpy(&next, bits->at, 8);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  next = __builtin_bswap64(next);
#endif
  bits->held |= next >> bits->count;
  bits->at += (63 - bits->count) >> 3;
  bits->count |= 56;
}

static inline void drop(bits_t *bits, int count) {
  bits->held <<= count;
  bits->count -= count;
}

/* T.81's EXTEND: the coefficient that some bits, 1 to 15, stand for. */
static inline int extended(int value, int count) { return value + (value >> (count - 1) ? 0 : 1 - (1 << count)); }

/* T.81's RECEIVE and EXTEND. */
static inline int taken(bits_t *bits, int count) {
  int value = (int)(bits->held >> (64 - count));
  drop(bits, count);
  return extended(value, count);
}

/* The value of the next code; -1 if there is no such code. */
static inline int code(bits_t *bits, const table_t *table) {
  uint16_t one = table->one[bits->held >> (64 - LOOK)];
  if (one) {
    drop(bits, one & 255);
    return one >> 8;
  }
  for (int length = LOOK + 1; length <= LONGEST; length++) {
    uint32_t next = (uint32_t)(bits->held >> (64 - length));
    if (next >= table->first[length] && next < table->end[length]) {
      drop(bits, length);
      return table->values[table->place[length] + next - table->first[length]];
    }
  }
  return -1;
}

/* How many coefficients a value of an AC code stands for: 0 ends the block, -1 has no meaning. */
static inline int span(int value) {
  if (value & 15) return (value >> 4) + 1;
  return value == 0xF0 ? 16 : value ? -1 : 0;
}

static uint16_t together(const table_t *table, uint32_t look) {
  int bits = 0, coefficients = 0;
  while (bits < LOOK) {
    uint16_t one = table->one[look << bits & ((1 << LOOK) - 1)];
    int value = one >> 8, length = one & 255;
    if (!length || bits + length > LOOK || span(value) < 0) break;
    bits += length + (value & 15);
    coefficients += span(value);
    if (!span(value)) return (uint16_t)(END | coefficients << 5 | bits);
    if (coefficients >= COEFFICIENTS) return BEYOND;
  }
  return bits ? (uint16_t)(coefficients << 5 | bits) : BEYOND;
}

static int32_t whole(const table_t *table, uint32_t look) {
  uint16_t one = table->one[look];
  int value = one >> 8, count = value & 15, bits = (one & 255) + count;
  if (!one || !count || bits > LOOK) return 0;
  int found = extended((int)(look >> (LOOK - bits)) & ((1 << count) - 1), count);
  return found * 65536 + (span(value) << 8 | bits);
}

/* `given` is 16 counts of codes by length, then 256 values; `skipped` and `kept` say what codes of it will be. */
static int build(table_t *table, const uint8_t *given, int skipped, int kept) {
  uint32_t next = 0, place = 0;
  memset(table->one, 0, sizeof table->one);
  table->values = given + LONGEST;
  for (int length = 1; length <= LONGEST; length++, next <<= 1) {
    table->first[length] = next;
    table->place[length] = place;
    table->end[length] = next += given[length - 1];
    if (next >= 1u << length || (place += given[length - 1]) > 256) return 0;
    if (length > LOOK) continue;
    int free = LOOK - length;
    for (uint32_t at = table->first[length] << free; at < next << free; at++) {
      uint32_t value = table->values[table->place[length] + (at >> free) - table->first[length]];
      table->one[at] = (uint16_t)(value << 8 | (uint32_t)length);
    }
  }
  for (uint32_t look = 0; look < 1 << LOOK; look++) {
    if (skipped) table->several[look] = together(table, look);
    if (kept) table->whole[look] = whole(table, look);
  }
  return 1;
}

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

/* One block: the difference of its first coefficient, and if `low` those at places 1, 2 and 4 of the zigzag. */
static inline int block(bits_t *bits, const table_t *dc, const table_t *ac, int low, int *found) {
  fill(bits);
  int32_t quick = dc->whole[bits->held >> (64 - LOOK)];
  if (quick) {
    drop(bits, quick & 255);
    found[0] = quick >> 16;
  } else {
    int size = code(bits, dc);
    if (size < 0 || size > 11) return 0;
    found[0] = size ? taken(bits, size) : 0;
  }
  for (int at = 1; at < COEFFICIENTS;) {
    fill(bits);
    uint64_t look = bits->held >> (64 - LOOK);
    int kept = low && at <= 4;
    if (!kept) {
      uint16_t several = ac->several[look];
      int after = at + (several >> 5 & 127);
      if (after < COEFFICIENTS) {
        drop(bits, several & 31);
        if (several & END) return 1;
        at = after;
        continue;
      }
    } else if ((quick = ac->whole[look])) {
      drop(bits, quick & 255);
      at += quick >> 8 & 255;
      if (at <= 5) found[at - 1] = quick >> 16;
      continue;
    }
    int value = code(bits, ac), many = value < 0 ? -1 : span(value);
    if (many <= 0) return many == 0;
    at += many;
    if (at > COEFFICIENTS) return 0;
    if (!(value & 15)) continue;
    int coefficient = taken(bits, value & 15);
    if (kept && at <= 5) found[at - 1] = coefficient;
  }
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

/* `tables`: 4 x 272 bytes, DC 0 and 1, AC 0 and 1. `units`: how many across and in all. `interval`: of them between
restarts. `shape`: blocks of the first component in a unit across and down, blocks of the other components. `blocks`:
the DC and AC table (0 or 1) of the first component's blocks, then of each of the others. `quantisers`: the first five
of the first component. `low`: 0 for an eighth, 1 for a quarter. `clean`: room for `length` + PAD bytes. `samples`: a
whole number of units. 1 if all of it is there. */
int staydown_scan(const uint8_t *data, uint64_t length, const uint8_t *tables, const uint64_t *units, uint64_t interval,
                  const uint8_t *shape, const uint8_t *blocks, const uint16_t *quantisers, int low, uint8_t *clean,
                  uint8_t *samples) {
  table_t built[4];
  for (int at = 0; at < 4; at++)
    if (!build(&built[at], tables + at * 272, at > 1, at < 2 || low)) return 0;
  const uint8_t *from = data, *end = data + length;
  const int own = shape[0] * shape[1], side = 1 + low;
  const uint64_t stride = units[0] * shape[0] * (uint64_t)side;
  for (uint64_t done = 0, restarts = 0; done < units[1]; restarts++) {
    uint64_t size, last = units[1] - done < interval ? units[1] : done + interval;
    const uint8_t *mark = unstuffed(from, end, clean, &size);
    if (!mark || mark[1] != (last == units[1] ? 0xD9 : 0xD0 + (restarts & 7))) return 0;
    bits_t bits = {clean, 0, 0};
    int before = 0;
    for (; done < last; done++) {
      uint8_t *unit = samples + (done / units[0] * shape[1] * stride + done % units[0] * shape[0]) * (uint64_t)side;
      for (int at = 0; at < own + shape[2]; at++) {
        const uint8_t *use = blocks + (at < own ? 0 : 2 * (at - own + 1));
        int found[5] = {0};
        if (!block(&bits, &built[use[0]], &built[2 + use[1]], low && at < own, found)) return 0;
        if ((uint64_t)(bits.at - clean) * 8 > size * 8 + (uint64_t)bits.count) return 0;
        if (at >= own) continue;
        found[0] = before += found[0];
        if (before * quantisers[0] < -DEEPEST || before * quantisers[0] >= DEEPEST) return 0;
        drawn(found, quantisers, low, unit + (uint64_t)(at / shape[0] * side) * stride + at % shape[0] * side, stride);
      }
    }
    if (size * 8 + (uint64_t)bits.count - (uint64_t)(bits.at - clean) * 8 >= 8) return 0;
    from = mark + 2;
  }
  return 1;
}
