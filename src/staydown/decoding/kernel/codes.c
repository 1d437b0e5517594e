/* Tables of a JPEG's codes, by the bits that are looked up. */
#include "codes.h"

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

/* The end of a block passes all coefficients; what a DC code passes is not asked. */
static int32_t alone(const table_t *table, uint32_t look) {
  uint16_t one = table->one[look];
  int value = one >> 8, count = value & 15, bits = (one & 255) + count;
  if (!one || bits > LOOK || span(value) < 0) return 0;
  if (!count) return (value ? span(value) : COEFFICIENTS) << 8 | bits;
  int found = extended((int)(look >> (LOOK - bits)) & ((1 << count) - 1), count);
  return found * 65536 + (span(value) << 8 | bits);
}

int staydown_codes(table_t *table, const uint8_t *given, int several, int whole) {
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
    if (several) table->several[look] = together(table, look);
    if (whole) table->whole[look] = alone(table, look);
  }
  return 1;
}
