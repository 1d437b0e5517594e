/* Runs the kernel on arrays of exactly their promised sizes, for the address sanitizer to watch. */
#include "ring.c"
#include <stdio.h>
#include <stdlib.h>

static uint64_t state = 88172645463325252ull;
static uint64_t drawn(void) { /* xorshift64 */
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
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
    uint64_t *room = malloc(8 * (count + 8 + 2 * 65)), first_seen = 0;
    uint32_t *owners = malloc(4 * count), *owners_room = malloc(4 * count);
    for (uint64_t each = 0; each < count; each++) owners[each] = (uint32_t)(each / 3);
    for (int set = 0; set < 3; set++)
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

int main(void) {
    for (uint64_t count = 1; count < 70; count++)
        if (tried(count)) return fprintf(stderr, "two ways of searching differ at %d rows\n", (int)count), 1;
    return tried(1023);
}
