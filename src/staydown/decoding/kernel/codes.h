/* The codes of a JPEG's scan (ITU-T T.81, F.2.2): how they are looked up, several at once where their coefficients are not
needed. */
#ifndef STAYDOWN_CODES_H
#define STAYDOWN_CODES_H
#include <stdint.h>
#include <string.h>

#define LOOK 12    /* bits that are looked up at once */
#define LONGEST 16 /* bits of a code */
#define COEFFICIENTS 64
#define END 0x1000
#define BEYOND (127 << 5)

typedef struct {
  uint16_t one[1 << LOOK];     /* value << 8 | bits of its code; 0: the code is longer */
  uint16_t several[1 << LOOK]; /* END | coefficients << 5 | bits: codes that are skipped together */
  int32_t whole[1 << LOOK];    /* coefficient << 16 | coefficients passed << 8 | bits; 0: the code is read alone */
  uint32_t first[LONGEST + 1], end[LONGEST + 1], place[LONGEST + 1];
  const uint8_t *values;
} table_t;

typedef struct {
  const uint8_t *at;
  uint64_t held; /* the next bits, from the highest on */
  int count;     /* of them */
} bits_t;

/* The tables of codes given as 16 counts by length, then 256 values; `several` and `whole` only where they are wanted. 0: there
   are no such codes. */
int staydown_codes(table_t *table, const uint8_t *given, int several, int whole);

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

#endif
