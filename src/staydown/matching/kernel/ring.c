/* Exact Hamming search over 256-bit fingerprints. All memory belongs to the caller; nothing is allocated or kept here.

   A fingerprint's bits are first shuffled by a permutation only this deployment knows (neighbouring bits of a picture's
   hash are alike, and nobody must be able to aim at one bucket), then cut into 16 chunks of 16 bits set on a ring.
   Where two rows differ in at most 31 bits, sum(d_i - 2) < 0 over the chunks' distances d_i, so (cycle lemma) there is a
   chunk from which every prefix sum is negative: d_i <= 1 and d_i + d_(i+1) <= 3. So a table for each chunk keeps, for
   each value, the rows that have it and beside each row its NEXT chunk: a look-up walks 17 buckets a table, 32 rows an
   instruction, and hardly ever touches a row in vain.
   Sources: Norouzi, Punjani, Fleet, TPAMI 36(6) 2014 (multi-index hashing); Qin, Xiao, VLDB 12(1) 2018 (the ring). */

#include <stdint.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#define INTERFACE 6 /* raised with every change of what ring.py must know */
#define CHUNKS 16
#define REACH 31                                     /* bits: 16 chunks of two differing bits would be 32 */
#define VALUES 65536
#define STRIDE 65552                                 /* bounds of one table: 65537, and on to a whole line */
#define AHEAD 64                                     /* queries taken through the index together */
#define BLOCK 512                                    /* rows scanned for all of them while they are in L1 */
#define WAITING 128                                  /* rows asked for from memory and not yet compared */
#define LATER 16                                     /* places noticed that are asked for, and then read, together */
#define FEW 256                                      /* rows noticed for one query before those seen are remembered */
#define SEEN 32768                                   /* of them so many: 128 KB */
#define SHORT_TABLES 6                               /* of words of 64 bits: four of 11 bits, two of 10 */
#define SHORT_BITS 11
#define SHORT_VALUES 2048
#define EXPORT __attribute__((visibility("default")))

typedef uint64_t words2 __attribute__((vector_size(16), aligned(8))); /* every 64-bit machine has registers for it */

typedef struct {
    const uint64_t *rows;   /* count x 4 words, shuffled */
    uint64_t count;
    const uint32_t *begins; /* 16 x 65552 places at which each value's bucket begins; NULL: the part has no tables */
    const uint16_t *beside; /* 16 x count next chunks, bucket by bucket; readable 32 further than that */
    const uint32_t *places; /* 16 x count rows, in the same order */
} part_t;

typedef struct { uint32_t query, row; uint16_t part, distance; } hit_t;

typedef struct { hit_t *hits; uint64_t room, found; } answer_t;

/* Under which ids the rows of a part are known: names.py. */
typedef struct {
    const void *ids;              /* of each row the lowest, as what it is above `lowest`: 32 bits, or 64 if `wide` */
    uint64_t lowest, wide, rows;
    const uint64_t *further;      /* more ids of rows that have several, */
    const int64_t *further_rows;  /* and whose they are, ascending */
    uint64_t further_count;
    const uint8_t *several;       /* a bit for each row: whether it has any of those; not there where there are none */
    const uint16_t *ended;        /* of each row's id, then of the further ones: how long after `since`; 0: it counts */
    uint64_t since;
} names_t;

typedef struct { uint64_t id; uint32_t query; uint16_t distance, unused; } named_t;

typedef struct { uint32_t place, step; } noticed_t;  /* step: 16 x query + table */
typedef struct { uint32_t row, step; } waiting_t;

/* One look-up in one part: what was noticed of `query` so far, the places asked for, the rows that wait to be compared. */
typedef struct {
    const part_t *part; const uint64_t *queries; answer_t *answer;
    uint32_t query, noticed, laters, waits; int radius; uint16_t number;
    noticed_t later[LATER]; waiting_t waiting[WAITING]; uint32_t seen[SEEN];
} lookup_t;

typedef struct { uint32_t row, query; } pair_t;

typedef struct { uint32_t from[17], to[17]; } plan_t;

/* Words of 64 bits in the order of their values in one table; `words` can be read 8 further than there are. */
typedef struct { uint32_t begins[SHORT_VALUES + 1]; uint64_t *words; uint32_t *owners; } grouped_t;

/* What is known of each owner of words: its nearest word's distance, and the sum of radius + 1 - distance. */
typedef struct { uint8_t *nearest; uint64_t *support; } nearness_t;

static inline uint32_t short_value(uint64_t word, uint32_t table) {
    return table < 4 ? word >> (11 * table) & 2047 : word >> (44 + 10 * (table - 4)) & 1023;
}

/* The first table in which two words that differ so are at most one bit apart: only there they are counted. */
static inline uint32_t short_table(uint64_t differ) {
    uint32_t table = 0;
    while (__builtin_popcount(short_value(differ, table)) > 1) table++;
    return table;
}

static inline void count_near(nearness_t *nearness, uint32_t owner, uint64_t differ, int radius) {
    int distance = __builtin_popcountll(differ);
    if (distance < nearness->nearest[owner]) nearness->nearest[owner] = (uint8_t)distance;
    nearness->support[owner] += (uint64_t)(radius + 1 - distance);
}

static void group(const uint64_t *words, const uint32_t *owners, uint64_t count, uint32_t table, grouped_t *into) {
    memset(into->begins, 0, sizeof into->begins);
    for (uint64_t each = 0; each < count; each++) into->begins[short_value(words[each], table) + 1]++;
    for (uint32_t value = 0; value < SHORT_VALUES; value++) into->begins[value + 1] += into->begins[value];
    for (uint64_t each = 0; each < count; each++) { /* as in staydown_table */
        uint32_t place = into->begins[short_value(words[each], table)]++;
        into->words[place] = words[each];
        if (owners) into->owners[place] = owners[each];
    }
    memmove(into->begins + 1, into->begins, SHORT_VALUES * sizeof *into->begins);
    into->begins[0] = 0;
}

/* Counts every hit, writes those there is room for: the caller sees that it was too little and asks again. */
static inline void say(answer_t *answer, hit_t hit) {
    if (answer->found < answer->room) answer->hits[answer->found] = hit;
    answer->found++;
}

/* Each half byte's share of the shuffled words is looked up: 64 tables of 16 x 4 words, which stay in L1. */
static inline void shuffle(const words2 (*tables)[16][2], const uint8_t *plain, uint64_t *out) {
    words2 low = {0, 0}, high = {0, 0};
    for (int byte = 0; byte < 32; byte++) {
        const words2 *right = tables[2 * byte][plain[byte] & 15], *left = tables[2 * byte + 1][plain[byte] >> 4];
        low ^= right[0] ^ left[0];
        high ^= right[1] ^ left[1];
    }
    memcpy(out, &low, 16);
    memcpy(out + 2, &high, 16);
}

/* The same search for each instruction set: search.h is written once and read with each set's three primitives.
   alike(): which of up to 32 next chunks are `within` bits of one. near(): which of GROUP rows are within the radius.
   few(): which of up to 8 words of 64 bits are within the radius of one. */

#if defined(__x86_64__)

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512bitalg,avx512vpopcntdq,popcnt")))
#define NAME(what) what##_avx512
#define GROUP 8
TARGET static inline uint32_t alike_avx512(const uint16_t *beside, uint32_t left, uint16_t next, int within) {
    __mmask32 real = left >= 32 ? 0xffffffffu : (1u << left) - 1;
    __m512i differ = _mm512_xor_si512(_mm512_loadu_si512(beside), _mm512_set1_epi16((short)next));
    return _mm512_mask_cmple_epi16_mask(real, _mm512_popcnt_epi16(differ), _mm512_set1_epi16((short)within));
}
TARGET static inline __m512i pair_avx512(const uint64_t *rows, __m512i query) {
    return _mm512_popcnt_epi64(_mm512_xor_si512(_mm512_loadu_si512(rows), query));
}
TARGET static inline uint32_t near_avx512(const uint64_t *rows, const uint64_t *query, int radius) {
    __m512i q = _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)query));
    __m512i a = pair_avx512(rows, q), b = pair_avx512(rows + 8, q);
    __m512i c = pair_avx512(rows + 16, q), d = pair_avx512(rows + 24, q);
    __m512i ab = _mm512_add_epi64(_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b));
    __m512i cd = _mm512_add_epi64(_mm512_unpacklo_epi64(c, d), _mm512_unpackhi_epi64(c, d));
    __m512i sums = _mm512_add_epi64(_mm512_shuffle_i64x2(ab, cd, 0x88), _mm512_shuffle_i64x2(ab, cd, 0xdd));
    sums = _mm512_permutexvar_epi64(_mm512_setr_epi64(0, 2, 1, 3, 4, 6, 5, 7), sums);
    return _mm512_cmple_epi64_mask(sums, _mm512_set1_epi64(radius));
}
TARGET static inline uint32_t few_avx512(const uint64_t *words, uint32_t left, uint64_t wanted, int radius) {
    __mmask8 real = left >= 8 ? 0xff : (uint8_t)((1u << left) - 1);
    __m512i differ = _mm512_xor_si512(_mm512_loadu_si512(words), _mm512_set1_epi64((long long)wanted));
    return _mm512_mask_cmple_epi64_mask(real, _mm512_popcnt_epi64(differ), _mm512_set1_epi64(radius));
}
#include "search.h"

#define TARGET __attribute__((target("avx2,popcnt")))
#define NAME(what) what##_avx2
#define GROUP 4
TARGET static inline __m256i counted_avx2(__m256i bytes) { /* bits in each byte, by looking up its two halves */
    const __m256i of = _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));
    const __m256i half = _mm256_set1_epi8(15);
    return _mm256_add_epi8(_mm256_shuffle_epi8(of, _mm256_and_si256(bytes, half)),
                           _mm256_shuffle_epi8(of, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half)));
}
TARGET static inline uint32_t alike_avx2(const uint16_t *beside, uint32_t left, uint16_t next, int within) {
    __m256i far[2];
    for (int half = 0; half < 2; half++) {
        __m256i chunk = _mm256_loadu_si256((const __m256i *)(beside + 16 * half));
        __m256i bits = counted_avx2(_mm256_xor_si256(chunk, _mm256_set1_epi16((short)next)));
        bits = _mm256_add_epi16(_mm256_and_si256(bits, _mm256_set1_epi16(255)), _mm256_srli_epi16(bits, 8));
        far[half] = _mm256_cmpgt_epi16(bits, _mm256_set1_epi16((short)within));
        if (left <= 16) { far[1] = far[0]; break; }
    }
    __m256i both = _mm256_permute4x64_epi64(_mm256_packs_epi16(far[0], far[1]), 0xd8);
    uint32_t real = left >= 32 ? 0xffffffffu : (1u << left) - 1;
    return ~(uint32_t)_mm256_movemask_epi8(both) & real;
}
TARGET static inline __m256i one_avx2(const uint64_t *row, __m256i query) {
    __m256i differ = _mm256_xor_si256(_mm256_loadu_si256((const __m256i *)row), query);
    return _mm256_sad_epu8(counted_avx2(differ), _mm256_setzero_si256());
}
TARGET static inline uint32_t near_avx2(const uint64_t *rows, const uint64_t *query, int radius) {
    __m256i q = _mm256_loadu_si256((const __m256i *)query);
    __m256i a = one_avx2(rows, q), b = one_avx2(rows + 4, q), c = one_avx2(rows + 8, q), d = one_avx2(rows + 12, q);
    __m256i ab = _mm256_add_epi64(_mm256_unpacklo_epi64(a, b), _mm256_unpackhi_epi64(a, b));
    __m256i cd = _mm256_add_epi64(_mm256_unpacklo_epi64(c, d), _mm256_unpackhi_epi64(c, d));
    __m256i sums = _mm256_add_epi64(_mm256_permute2x128_si256(ab, cd, 0x20), _mm256_permute2x128_si256(ab, cd, 0x31));
    __m256i near = _mm256_cmpgt_epi64(_mm256_set1_epi64x(radius + 1), sums);
    return (uint32_t)_mm256_movemask_pd(_mm256_castsi256_pd(near));
}
TARGET static inline uint32_t few_avx2(const uint64_t *words, uint32_t left, uint64_t wanted, int radius) {
    __m256i w = _mm256_set1_epi64x((long long)wanted), most = _mm256_set1_epi64x(radius);
    __m256i low = _mm256_cmpgt_epi64(one_avx2(words, w), most), high = _mm256_cmpgt_epi64(one_avx2(words + 4, w), most);
    uint32_t far = (uint32_t)_mm256_movemask_pd(_mm256_castsi256_pd(low));
    far |= (uint32_t)_mm256_movemask_pd(_mm256_castsi256_pd(high)) << 4;
    return ~far & (left >= 8 ? 0xff : (1u << left) - 1);
}
#include "search.h"

#elif defined(__aarch64__)

#define TARGET /* every such machine has it */
#define NAME(what) what##_neon
#define GROUP 4
static inline uint8x16_t within_neon(const uint16_t *beside, uint16x8_t next, uint16x8_t within) {
    uint16x8_t low = vpaddlq_u8(vcntq_u8(vreinterpretq_u8_u16(veorq_u16(vld1q_u16(beside), next))));
    uint16x8_t high = vpaddlq_u8(vcntq_u8(vreinterpretq_u8_u16(veorq_u16(vld1q_u16(beside + 8), next))));
    return vuzp1q_u8(vreinterpretq_u8_u16(vcleq_u16(low, within)), vreinterpretq_u8_u16(vcleq_u16(high, within)));
}
static inline uint32_t alike_neon(const uint16_t *beside, uint32_t left, uint16_t next, int within) {
    const uint8x16_t bits = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint32_t mask = 0;
    for (uint32_t half = 0; half < 2 && 16 * half < left; half++) {
        uint8x16_t near = within_neon(beside + 16 * half, vdupq_n_u16(next), vdupq_n_u16((uint16_t)within));
        near = vandq_u8(near, bits);
        mask |= (uint32_t)(vaddv_u8(vget_low_u8(near)) | vaddv_u8(vget_high_u8(near)) << 8) << (16 * half);
    }
    return left >= 32 ? mask : mask & ((1u << left) - 1);
}
static inline uint32_t near_neon(const uint64_t *rows, const uint64_t *query, int radius) {
    uint8x16_t low = vld1q_u8((const uint8_t *)query), high = vld1q_u8((const uint8_t *)query + 16);
    uint32_t mask = 0;
    for (int row = 0; row < GROUP; row++) {
        const uint8_t *bytes = (const uint8_t *)(rows + 4 * row);
        uint8x16_t counted = vaddq_u8(vcntq_u8(veorq_u8(vld1q_u8(bytes), low)),
                                      vcntq_u8(veorq_u8(vld1q_u8(bytes + 16), high)));
        mask |= (uint32_t)(vaddlvq_u8(counted) <= radius) << row;
    }
    return mask;
}
static inline uint32_t few_neon(const uint64_t *words, uint32_t left, uint64_t wanted, int radius) {
    uint32_t mask = 0;
    for (uint32_t each = 0; each < 8 && each < left; each += 2) {
        uint64x2_t differ = veorq_u64(vld1q_u64(words + each), vdupq_n_u64(wanted));
        uint64x2_t bits = vpaddlq_u32(vpaddlq_u16(vpaddlq_u8(vcntq_u8(vreinterpretq_u8_u64(differ)))));
        uint32_t both = (vgetq_lane_u64(bits, 0) <= (uint64_t)radius) | (vgetq_lane_u64(bits, 1) <= (uint64_t)radius) << 1;
        mask |= both << each;
    }
    return left >= 8 ? mask : mask & ((1u << left) - 1);
}
#include "search.h"

#endif

#define TARGET /* whatever the compiler makes of it */
#define NAME(what) what##_plain
#define GROUP 1
static inline uint32_t alike_plain(const uint16_t *beside, uint32_t left, uint16_t next, int within) {
    uint32_t mask = 0;
    for (uint32_t each = 0; each < left && each < 32; each++)
        mask |= (uint32_t)(__builtin_popcount(beside[each] ^ next) <= within) << each;
    return mask;
}
static inline uint32_t near_plain(const uint64_t *row, const uint64_t *query, int radius) {
    int bits = __builtin_popcountll(row[0] ^ query[0]) + __builtin_popcountll(row[1] ^ query[1]);
    if (bits > radius) return 0;
    return bits + __builtin_popcountll(row[2] ^ query[2]) + __builtin_popcountll(row[3] ^ query[3]) <= radius;
}
static inline uint32_t few_plain(const uint64_t *words, uint32_t left, uint64_t wanted, int radius) {
    uint32_t mask = 0;
    for (uint32_t each = 0; each < left && each < 8; each++)
        mask |= (uint32_t)(__builtin_popcountll(words[each] ^ wanted) <= radius) << each;
    return mask;
}
#include "search.h"

EXPORT int staydown_interface(void) { return INTERFACE; }

/* Whether this machine has an instruction set: 0 plain, 1 AVX2, 2 AVX-512 with both of its bit counters, 3 NEON. */
EXPORT int staydown_supports(int set) {
#if defined(__x86_64__)
    if (set == 2)
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bitalg") &&
               __builtin_cpu_supports("avx512vpopcntdq");
    if (set == 1) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt");
#elif defined(__aarch64__)
    if (set == 3) return 1;
#endif
    return set == 0;
}

EXPORT void staydown_shuffle(const void *tables, const uint8_t *plain, uint64_t count, uint64_t *out) {
    for (uint64_t row = 0; row < count; row++) shuffle(tables, plain + 32 * row, out + 4 * row);
}

/* Everything within the radius of each query, in all parts. Returns how many hits there are, also beyond the room. */
EXPORT uint64_t staydown_search(int set, const part_t *parts, uint64_t part_count, const void *tables,
                                const uint8_t *queries, uint64_t count, int radius, hit_t *hits, uint64_t room) {
    uint64_t shuffled[4 * AHEAD];
    answer_t answer = {hits, room, 0};
    (void)set; /* where there is one set only */
    for (uint64_t first = 0; first < count; first += AHEAD) {
        uint32_t some = count - first < AHEAD ? (uint32_t)(count - first) : AHEAD;
        staydown_shuffle(tables, queries + 32 * first, some, shuffled);
        uint64_t already = answer.found;
        for (uint64_t each = 0; each < part_count; each++) {
            if (parts[each].count == 0) continue;
#if defined(__x86_64__)
            if (set == 2) search_avx512(parts + each, (uint16_t)each, shuffled, some, radius, &answer);
            else if (set == 1) search_avx2(parts + each, (uint16_t)each, shuffled, some, radius, &answer);
            else
#elif defined(__aarch64__)
            if (set == 3) search_neon(parts + each, (uint16_t)each, shuffled, some, radius, &answer);
            else
#endif
            search_plain(parts + each, (uint16_t)each, shuffled, some, radius, &answer);
        }
        for (uint64_t hit = already; hit < answer.found && hit < room; hit++) hits[hit].query += (uint32_t)first;
    }
    return answer.found;
}

static inline int counts(const names_t *names, uint64_t entry, uint64_t version) {
    uint16_t ended = names->ended[entry];
    return ended == 0 || names->since + ended > version;
}

static inline uint64_t id_of(const names_t *names, uint64_t row) {
    return names->lowest + (names->wide ? ((const uint64_t *)names->ids)[row] : ((const uint32_t *)names->ids)[row]);
}

/* The first further id that is of this row or of a later one. */
static inline uint64_t first_further(const names_t *names, uint64_t row) {
    uint64_t from = 0, to = names->further_count;
    while (from < to) {
        uint64_t middle = (from + to) / 2;
        if (names->further_rows[middle] < (int64_t)row) from = middle + 1;
        else to = middle;
    }
    return from;
}

/* Each id that counts at a version, of each row that was hit; `names` are those of the parts, in their order. Returns how
   many there are, also beyond the room. */
EXPORT uint64_t staydown_name(const names_t *names, const hit_t *hits, uint64_t count, uint64_t version, named_t *out,
                              uint64_t room) {
    enum { SOON = 8 };
    uint64_t found = 0;
    for (uint64_t each = 0; each < count; each++) {
        if (each + SOON < count) {
            const names_t *soon = names + hits[each + SOON].part;
            uint64_t row = hits[each + SOON].row;
            __builtin_prefetch((const char *)soon->ids + row * (soon->wide ? 8 : 4));
            __builtin_prefetch(soon->ended + row);
            if (soon->further_count) __builtin_prefetch(soon->several + row / 8);
        }
        const names_t *of = names + hits[each].part;
        uint64_t row = hits[each].row;
        named_t named = {id_of(of, row), hits[each].query, hits[each].distance, 0};
        if (counts(of, row, version)) {
            if (found < room) out[found] = named;
            found++;
        }
        if (!of->further_count || !(of->several[row / 8] >> row % 8 & 1)) continue;
        for (uint64_t more = first_further(of, row); more < of->further_count; more++) {
            if (of->further_rows[more] != (int64_t)row) break;
            if (!counts(of, of->rows + more, version)) continue;
            named.id = of->further[more];
            if (found < room) out[found] = named;
            found++;
        }
    }
    return found;
}

/* Everything within the radius (at most REACH) of each of many queries, which are a part with tables like the known
   rows: what one table finds for the queries with some of its values. Returns how many hits there are, also beyond the
   room; over all tables and values no pair is reported twice. */
EXPORT uint64_t staydown_join(int set, const part_t *part, const part_t *asked, int table, uint32_t first,
                              uint32_t last, int radius, hit_t *hits, uint64_t room) {
    answer_t answer = {hits, room, 0};
    (void)set;
#if defined(__x86_64__)
    if (set == 2) join_avx512(part, asked, (uint32_t)table, first, last, radius, &answer);
    else if (set == 1) join_avx2(part, asked, (uint32_t)table, first, last, radius, &answer);
    else
#elif defined(__aarch64__)
    if (set == 3) join_neon(part, asked, (uint32_t)table, first, last, radius, &answer);
    else
#endif
    join_plain(part, asked, (uint32_t)table, first, last, radius, &answer);
    return answer.found;
}

/* Every pair of a known and an asked word of 64 bits within the radius (at most 11: of six chunks one then differs in at
   most one bit), told to the known one's owner. Room for grouping, to be had from the caller: words for count + 8, owners
   for count, and twice the asked words. */
EXPORT void staydown_nearness(int set, const uint64_t *words, const uint32_t *owners, uint64_t count,
                              const uint64_t *asked, uint64_t many, int radius, uint64_t *room, uint32_t *owners_room,
                              uint8_t *nearest, uint64_t *support) {
    grouped_t known = {.words = room, .owners = owners_room}, wanted = {.words = room + count + 8};
    nearness_t nearness = {nearest, support};
    (void)set;
    for (uint32_t table = 0; table < SHORT_TABLES; table++) {
        group(words, owners, count, table, &known);
        group(asked, NULL, many, table, &wanted);
#if defined(__x86_64__)
        if (set == 2) meet_avx512(&known, &wanted, table, wanted.words + many, radius, &nearness);
        else if (set == 1) meet_avx2(&known, &wanted, table, wanted.words + many, radius, &nearness);
        else
#elif defined(__aarch64__)
        if (set == 3) meet_neon(&known, &wanted, table, wanted.words + many, radius, &nearness);
        else
#endif
        meet_plain(&known, &wanted, table, wanted.words + many, radius, &nearness);
    }
}

/* One chunk's table, by counting; rows keep their order within a bucket. First the rows are dealt out by the high byte of
   the chunk, then each deal, which fits into the cache, by the low one: a row at a time into one of 65536 buckets would
   miss the cache with every write. `begins` has 65552 places, `dealt` `count` words. */
EXPORT void staydown_table(const uint64_t *rows, uint64_t count, int chunk, uint32_t *begins, uint16_t *beside,
                           uint32_t *places, uint64_t *dealt) {
    const uint16_t *chunks = (const uint16_t *)rows;
    int next = (chunk + 1) % CHUNKS;
    uint32_t starts[257] = {0}, ends[256];
    for (uint64_t row = 0; row < count; row++) starts[(chunks[CHUNKS * row + chunk] >> 8) + 1]++;
    for (int high = 0; high < 256; high++) starts[high + 1] += starts[high];
    memcpy(ends, starts, sizeof ends);
    for (uint64_t row = 0; row < count; row++) {
        uint16_t value = chunks[CHUNKS * row + chunk];
        dealt[ends[value >> 8]++] = row << 32 | (uint32_t)chunks[CHUNKS * row + next] << 16 | value;
    }
    for (int high = 0; high < 256; high++) {
        uint32_t *bucket = begins + 256 * high, to[256], place = starts[high];
        memset(to, 0, sizeof to);
        for (uint32_t each = starts[high]; each < starts[high + 1]; each++) to[dealt[each] & 255]++;
        for (int low = 0; low < 256; low++) {
            bucket[low] = place;
            place += to[low];
            to[low] = bucket[low];
        }
        for (uint32_t each = starts[high]; each < starts[high + 1]; each++) {
            place = to[dealt[each] & 255]++;
            beside[place] = (uint16_t)(dealt[each] >> 16);
            places[place] = (uint32_t)(dealt[each] >> 32);
        }
    }
    begins[VALUES] = (uint32_t)count;
}

typedef struct { uint64_t slot; uint32_t row; } placed_t;

/* The row, or one equal to it that came before, is in its slot or the next ones of this part, which begins at `from`. */
static inline void settle(const uint64_t *rows, uint32_t *slots, uint64_t from, uint64_t part, placed_t at,
                          uint32_t *first) {
    uint64_t slot = at.slot;
    while (slots[slot] != 0xffffffffu && memcmp(rows + 4ull * slots[slot], rows + 4ull * at.row, 32) != 0)
        slot = from + ((slot + 1 - from) & (part - 1));
    if (slots[slot] == 0xffffffffu) slots[slot] = at.row;
    first[at.row] = slots[slot];
}

/* For each row the first row equal to it; only for rows whose slot is in one of `shares` equal parts. `slots`: 2^bits of
   them, at least `shares` times the rows, all 0xffffffff. The rows are shuffled by a secret, so nobody outside can choose
   rows that meet in one slot. */
EXPORT void staydown_first_equal(const uint64_t *rows, uint64_t count, uint32_t *slots, int bits, uint32_t share,
                                 uint32_t shares, uint32_t *first) {
    enum { SOON = 16 };
    placed_t coming[SOON];
    uint64_t part = (1ull << bits) / shares, from = share * part, come = 0;
    for (uint64_t row = 0; row < count; row++) {
        const uint64_t *r = rows + 4 * row;
        uint64_t mixed = (r[0] ^ (r[1] << 13 | r[1] >> 51) ^ (r[2] << 29 | r[2] >> 35) ^ (r[3] << 43 | r[3] >> 21));
        uint64_t slot = (mixed * 0x9e3779b97f4a7c15ull) >> (64 - bits);
        if (slot - from >= part) continue;
        __builtin_prefetch(slots + slot, 1);
        if (come >= SOON) settle(rows, slots, from, part, coming[come % SOON], first);
        coming[come++ % SOON] = (placed_t){slot, (uint32_t)row};
    }
    for (uint64_t done = come < SOON ? 0 : come - SOON; done < come; done++)
        settle(rows, slots, from, part, coming[done % SOON], first);
}
