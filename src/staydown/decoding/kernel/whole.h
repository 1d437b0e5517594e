/* What whole.c and pairs.c share. */
#include "reduce.h"

#define SIDE 64 /* outputs of a side read from one end */

typedef enum { BYTES, FLOATING, COLOURS } kind_t; /* of samples; colours are four bytes: red, green, blue, any */
typedef struct { const uint8_t *samples; size_t stride, width, height; kind_t kind; } plane_t;
typedef struct { const int32_t *first; const float *weights; size_t reach, outputs; } bands_t;

/* A plane, its operators, where what they give is to be (of each side of the columns and each of the rows SIDE x SIDE
   floats), and room, aligned as Sums are, for 3 x ROWS x width floats. */
typedef struct { plane_t plane; bands_t down, across; float *into, *room; } whole_t;

/* Where a row of what one output of the rows and SIDE of the columns give belongs. */
static inline float *place_of(const whole_t *whole, size_t output, size_t output_across) {
  return whole->into + output_across * whole->down.outputs + output * SIDE;
}

#ifdef BY_PROCESSOR
/* The narrowest plane for an instruction set: 2 AVX-512, 1 AVX2. */
static inline size_t narrowest(int set) { return set == 2 ? 64 : 32; }

void staydown_in_pairs(int set, const whole_t *whole);
#endif
