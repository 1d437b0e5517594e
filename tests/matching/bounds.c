/* Runs the kernel on arrays of exactly their promised sizes, for the address sanitizer to watch, and compares what its
   instruction sets find. With an argument only few sizes: for processors that are emulated. */
#include "ring.c"
#include <stdio.h>
#include <stdlib.h>

static uint64_t state = 88172645463325252ull;
static uint64_t drawn(void) { /* xorshift64 */
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

/* The same for the same hits in any order. */
static uint64_t told(const hit_t *hits, uint64_t count) {
    uint64_t sum = count;
    for (uint64_t each = 0; each < count; each++) {
        uint64_t hit = (uint64_t)hits[each].query << 40 | (uint64_t)hits[each].row << 20 | hits[each].part << 10;
        hit = (hit | hits[each].distance) * 0x9e3779b97f4a7c15ull;
        sum += hit ^ hit >> 29;
    }
    return sum;
}

static int tried(uint64_t count) {
    uint64_t *rows = malloc(32 * count), *wanted = malloc(32 * 65), (*tables)[16][4] = calloc(64, sizeof *tables);
    uint32_t *begins = calloc(16 * STRIDE, 4), *places = malloc(64 * count), *first = malloc(4 * count);
    uint16_t *beside = calloc(16 * count + 32, 2);
    uint32_t *slots = malloc(4 << 12);
    uint64_t *dealt = malloc(8 * count);
    hit_t hits[3];
    for (int half = 0; half < 64; half++) /* every bit stays where it is */
        for (int value = 0; value < 16; value++) tables[half][value][half / 16] = (uint64_t)value << (4 * (half % 16));
    for (uint64_t word = 0; word < 4 * count; word++) rows[word] = word % 11 ? drawn() : 0;
    for (int word = 0; word < 4 * 65; word++) wanted[word] = rows[word % (4 * count)] ^ (word % 5 == 0);
    for (int chunk = 0; chunk < 16; chunk++)
        staydown_table(rows, count, chunk, begins + chunk * STRIDE, beside + chunk * count, places + chunk * count, dealt);
    memset(slots, 0xff, 4 << 12);
    for (uint32_t share = 0; share < 2; share++) staydown_first_equal(rows, count, slots, 12, share, 2, first);
    part_t parts[2] = {{rows, count, begins, beside, places}, {rows, count, NULL, NULL, NULL}};
    int wrong = 0;
    uint64_t plain[65] = {0}, most = 2 * 65 * count;
    hit_t *every = malloc(most * sizeof *every);
    for (int set = 0; set < 4; set++)
        if (staydown_supports(set))
            for (int radius = 0; radius <= 64; radius++) {
                if (radius % 31 > 2 && radius != 64) continue;
                uint64_t found = staydown_search(set, parts, 2, tables, (uint8_t *)wanted, 65, radius, every, most);
                uint64_t sum = told(every, found);
                if (set == 0) plain[radius] = sum;
                wrong |= sum != plain[radius];
            }
    free(every);
    for (int set = 0; set < 4; set++)
        if (staydown_supports(set))
            for (int radius = 0; radius <= 31; radius += 31) {
                uint64_t both = staydown_search(set, parts, 2, tables, (uint8_t *)wanted, 65, radius, hits, 3);
                uint64_t one = staydown_search(set, parts + 1, 1, tables, (uint8_t *)wanted, 65, radius, hits, 3);
                uint64_t own = staydown_search(set, parts + 1, 1, tables, (uint8_t *)rows, count, radius, hits, 3);
                uint64_t joined = 0;
                for (int table = 0; table < 16; table++)
                    for (uint32_t first = 0; first < VALUES; first += VALUES / 2)
                        joined += staydown_join(set, parts, parts, table, first, first + VALUES / 2, radius, hits, 3);
                wrong |= both != 2 * one || joined != own;
            }
    uint32_t *ids = malloc(4 * count);
    uint16_t *ended = calloc(count + 2, 2);
    uint64_t further[2] = {7, 9};
    int64_t of[2] = {0, (int64_t)count - 1};
    for (uint64_t each = 0; each < count; each++) ids[each] = (uint32_t)each;
    ended[count + 1] = 5; /* the last one's second id */
    uint8_t *several = calloc((count + 7) / 8, 1);
    several[0] |= 1, several[(count - 1) / 8] |= (uint8_t)(1 << (count - 1) % 8);
    names_t names = {ids, 100, 0, count, further, of, 2, several, ended, 10};
    hit_t *all = calloc(count, sizeof *all);
    named_t *named = malloc((count + 2) * sizeof *named);
    for (uint64_t each = 0; each < count; each++) all[each].row = (uint32_t)each;
    wrong |= staydown_name(&names, all, count, 14, named, count + 2) != count + 2 || named[count + 1].id != 9;
    wrong |= staydown_name(&names, all, count, 15, named, count) != count + 1 || named[0].id != 100;
    free(ids), free(several), free(ended), free(all), free(named);
    uint64_t *room = malloc(8 * (count + 8 + 2 * 65)), first_seen = 0;
    uint32_t *owners = malloc(4 * count), *owners_room = malloc(4 * count);
    for (uint64_t each = 0; each < count; each++) owners[each] = (uint32_t)(each / 3);
    for (int set = 0; set < 4; set++)
        if (staydown_supports(set)) {
            uint64_t owned = (count + 2) / 3, *support = calloc(owned, 8), seen = 0;
            uint8_t *nearest = malloc(owned);
            memset(nearest, 64, owned);
            staydown_nearness(set, rows, owners, count, wanted, 65, 11, room, owners_room, nearest, support);
            for (uint64_t each = 0; each < owned; each++) seen += support[each] << nearest[each] % 16;
            if (set == 0) first_seen = seen;
            wrong |= seen != first_seen || seen == 0;
            free(support), free(nearest);
        }
    free(room), free(owners), free(owners_room);
    free(rows), free(wanted), free(tables), free(begins), free(places), free(first), free(beside), free(slots), free(dealt);
    return wrong;
}

int main(int arguments, char **argument) {
    (void)argument;
    for (uint64_t count = 1; count < 70; count += arguments > 1 ? 17 : 1)
        if (tried(count)) return fprintf(stderr, "two ways of searching differ at %d rows\n", (int)count), 1;
    if (tried(1023)) return fprintf(stderr, "two ways of searching differ at 1023 rows\n"), 1;
    for (int set = 0; set < 4; set++)
        if (staydown_supports(set)) printf("%d ", set);
    return 0;
}
