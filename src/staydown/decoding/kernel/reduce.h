/* What reduce.c and whole.c share. */
#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__clang__)
#define BY_PROCESSOR 1
#define ON_ANY_PROCESSOR __attribute__((target_clones("avx512f", "avx2", "default")))
#define SAME_ROUNDING __attribute__((target_clones("avx2", "default"))) /* neither adds what it has not rounded */
#else
#define ON_ANY_PROCESSOR
#define SAME_ROUNDING
#endif

#define ROWS 8 /* that are read side by side: one sum of each in every step */
typedef float Sums __attribute__((vector_size(ROWS * sizeof(float))));

void staydown_down(const uint8_t *plane, size_t stride, size_t width, size_t top, size_t height, int floats,
                   const int32_t *first, const float *weights, size_t reach, size_t outputs, float *into);
void staydown_brightness(const uint32_t *restrict pixels, size_t count, float *restrict into);

/* The samples of `ROWS` rows of `width` floats, those of one column beside each other. */
void staydown_woven(const float *restrict from, size_t width, float *restrict into);

/* Along rows that are woven: `into` is ROWS x outputs. */
void staydown_along(const Sums *from, const int32_t *first, const float *weights, size_t reach, size_t outputs,
                    float *into);
