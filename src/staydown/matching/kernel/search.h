/* The search in one instruction set. ring.c includes this once for each, with TARGET, NAME(), GROUP, alike() and near(). */

TARGET static inline int NAME(distance)(const uint64_t *a, const uint64_t *b) {
    return __builtin_popcountll(a[0] ^ b[0]) + __builtin_popcountll(a[1] ^ b[1]) +
           __builtin_popcountll(a[2] ^ b[2]) + __builtin_popcountll(a[3] ^ b[3]);
}

/* The first table in which the ring's condition holds. Only that one reports a row, so none is reported twice. */
TARGET static inline uint32_t NAME(first_table)(const uint64_t *row, const uint64_t *query) {
    const uint16_t *a = (const uint16_t *)row, *b = (const uint16_t *)query;
    for (uint32_t table = 0; table < CHUNKS; table++) {
        int here = __builtin_popcount(a[table] ^ b[table]);
        uint32_t next = (table + 1) % CHUNKS;
        if (here <= 1 && here + __builtin_popcount(a[next] ^ b[next]) <= 3) return table;
    }
    return CHUNKS;
}

TARGET static void NAME(compare)(lookup_t *it) {
    for (uint32_t each = 0; each < it->waits; each++) {
        uint32_t query = it->waiting[each].step / CHUNKS;
        const uint64_t *row = it->part->rows + 4ull * it->waiting[each].row;
        int distance = NAME(distance)(row, it->queries + 4 * query);
        if (distance <= it->radius && NAME(first_table)(row, it->queries + 4 * query) == it->waiting[each].step % CHUNKS)
            say(it->answer, (hit_t){query, it->waiting[each].row, it->number, (uint16_t)distance});
    }
    it->waits = 0;
}

TARGET static void NAME(compare_pairs)(const part_t *part, const part_t *asked, uint32_t table, const pair_t *waiting,
                                       uint32_t count, int radius, answer_t *answer) {
    for (uint32_t each = 0; each < count; each++) {
        const uint64_t *row = part->rows + 4ull * waiting[each].row, *query = asked->rows + 4ull * waiting[each].query;
        int distance = NAME(distance)(row, query);
        if (distance <= radius && NAME(first_table)(row, query) == table)
            say(answer, (hit_t){waiting[each].query, waiting[each].row, 0, (uint16_t)distance});
    }
}

/* A step is one query in one table. Memory is slow and many requests are served at once, so the steps overlap: the
   buckets' bounds are asked for four steps before they are read, each bucket while the one of the step before is walked.
   What is noticed is gathered: LATER places are asked for together, at the next turn read, and then their rows asked for.
   One at a time each would wait for the processor to find its page in memory, and the walk with it.
   What is near a query is noticed in nearly every table, and the first one reports it: a query that notices many rows,
   as a flat picture's does, remembers them, so that each is fetched about once. */
TARGET static inline void NAME(ask_bounds)(const part_t *part, const uint16_t *chunks, uint32_t step) {
    const uint32_t *begins = part->begins + (step % CHUNKS) * (uint64_t)STRIDE;
    __builtin_prefetch(begins + chunks[step]);
    for (int bit = 4; bit < 16; bit++) __builtin_prefetch(begins + (chunks[step] ^ (1u << bit))); /* lower: same line */
}

TARGET static inline void NAME(ask_bucket)(const part_t *part, const uint16_t *chunks, uint32_t step, int probe,
                                           plan_t *plan) {
    const uint32_t *begins = part->begins + (step % CHUNKS) * (uint64_t)STRIDE;
    const uint16_t *beside = part->beside + (step % CHUNKS) * part->count;
    uint32_t value = probe ? chunks[step] ^ (1u << (probe - 1)) : chunks[step];
    uint32_t from = plan->from[probe] = begins[value], to = plan->to[probe] = begins[value + 1];
    uint32_t soon = to - from > 512 ? from + 512 : to; /* the processor follows a long run by itself */
    if (from == to) return;
    for (uintptr_t line = (uintptr_t)(beside + from) & ~(uintptr_t)63; line < (uintptr_t)(beside + soon); line += 64)
        __builtin_prefetch((const void *)line, 0, 2);
}

TARGET static inline void NAME(fetch)(lookup_t *it, noticed_t at) {
    uint32_t row = it->part->places[(at.step % CHUNKS) * it->part->count + at.place], query = at.step / CHUNKS;
    if (query != it->query) it->query = query, it->noticed = 0;
    if (++it->noticed > FEW) {
        if (it->noticed == FEW + 1) memset(it->seen, 0xff, sizeof it->seen);
        if (it->seen[row % SEEN] == row) return;
        it->seen[row % SEEN] = row;
    }
    if (it->waits == WAITING) NAME(compare)(it);
    __builtin_prefetch(it->part->rows + 4ull * row);
    it->waiting[it->waits++] = (waiting_t){row, at.step};
}

/* Read the places of the last turn and ask for their rows; then ask for those noticed since. Not inlined: the walk keeps
   its registers. */
TARGET __attribute__((noinline)) static void NAME(turn)(lookup_t *it, const noticed_t *fresh, uint32_t count) {
    for (uint32_t each = 0; each < it->laters; each++) NAME(fetch)(it, it->later[each]);
    for (uint32_t each = 0; each < count; each++) {
        it->later[each] = fresh[each];
        __builtin_prefetch(it->part->places + (fresh[each].step % CHUNKS) * it->part->count + fresh[each].place);
    }
    it->laters = count;
}

TARGET static void NAME(look_up)(const part_t *part, uint16_t number, const uint64_t *queries, uint32_t count,
                                 int radius, answer_t *answer) {
    const uint16_t *chunks = (const uint16_t *)queries;
    uint32_t steps = CHUNKS * count, freshes = 0;
    noticed_t fresh[LATER];
    plan_t plans[2];
    lookup_t it; /* not all of it at once: `seen` is only cleared for a query that needs it */
    it.part = part, it.number = number, it.queries = queries, it.radius = radius, it.answer = answer;
    it.query = it.noticed = it.waits = it.laters = 0;
    for (uint32_t step = 0; step < 4; step++) NAME(ask_bounds)(part, chunks, step);
    for (int probe = 0; probe < 17; probe++) NAME(ask_bucket)(part, chunks, 0, probe, plans);
    for (uint32_t step = 0; step < steps; step++) {
        if (step + 4 < steps) NAME(ask_bounds)(part, chunks, step + 4);
        const plan_t *plan = plans + step % 2;
        const uint16_t *beside = part->beside + (step % CHUNKS) * part->count;
        uint16_t next = chunks[step % CHUNKS == CHUNKS - 1 ? step - (CHUNKS - 1) : step + 1];
        for (int probe = 0; probe < 17; probe++) {
            if (step + 1 < steps) NAME(ask_bucket)(part, chunks, step + 1, probe, plans + (step + 1) % 2);
            for (uint32_t place = plan->from[probe], to = plan->to[probe]; place < to;
                 place = to - place > 32 ? place + 32 : to) {
                uint32_t mask = NAME(alike)(beside + place, to - place, next, probe ? 2 : 3);
                for (; mask; mask &= mask - 1) {
                    fresh[freshes++] = (noticed_t){place + (uint32_t)__builtin_ctz(mask), step};
                    if (freshes == LATER) NAME(turn)(&it, fresh, LATER), freshes = 0;
                }
            }
        }
    }
    NAME(turn)(&it, fresh, freshes);
    NAME(turn)(&it, fresh, 0);
    NAME(compare)(&it);
}

/* Many queries at once, that have tables of their own: a bucket is fetched once for all queries that look into it. */
TARGET static void NAME(join)(const part_t *part, const part_t *asked, uint32_t table, uint32_t first, uint32_t last,
                              int radius, answer_t *answer) {
    const uint32_t *begins = part->begins + table * (uint64_t)STRIDE, *asks = asked->begins + table * (uint64_t)STRIDE;
    const uint16_t *beside = part->beside + table * part->count, *nexts = asked->beside + table * asked->count;
    const uint32_t *places = part->places + table * part->count, *who = asked->places + table * asked->count;
    pair_t waiting[WAITING];
    uint32_t waits = 0;
    for (uint32_t value = first; value < last; value++) {
        if (value + 1 < last && asks[value + 1] < asks[value + 2])
            for (int probe = 0; probe < 17; probe++) {
                uint32_t soon = probe ? (value + 1) ^ (1u << (probe - 1)) : value + 1;
                uint32_t from = begins[soon], to = begins[soon + 1], end = to - from > 512 ? from + 512 : to;
                for (uint32_t place = from; place < end; place += 32) __builtin_prefetch(beside + place);
            }
        if (asks[value] == asks[value + 1]) continue;
        for (int probe = 0; probe < 17; probe++) {
            uint32_t near = probe ? value ^ (1u << (probe - 1)) : value;
            uint32_t from = begins[near], to = begins[near + 1];
            for (uint32_t ask = asks[value]; ask < asks[value + 1]; ask++)
                for (uint32_t place = from; place < to; place = to - place > 32 ? place + 32 : to) {
                    uint32_t mask = NAME(alike)(beside + place, to - place, nexts[ask], probe ? 2 : 3);
                    for (; mask; mask &= mask - 1) {
                        if (waits == WAITING) {
                            NAME(compare_pairs)(part, asked, table, waiting, waits, radius, answer);
                            waits = 0;
                        }
                        pair_t pair = {places[place + (uint32_t)__builtin_ctz(mask)], who[ask]};
                        __builtin_prefetch(part->rows + 4ull * pair.row);
                        __builtin_prefetch(asked->rows + 4ull * pair.query);
                        waiting[waits++] = pair;
                    }
                }
        }
    }
    NAME(compare_pairs)(part, asked, table, waiting, waits, radius, answer);
}

TARGET static void NAME(scan)(const part_t *part, uint16_t number, const uint64_t *queries, uint32_t count, int radius,
                              answer_t *answer) {
    for (uint64_t block = 0; block < part->count; block += BLOCK) {
        uint64_t end = part->count - block < BLOCK ? part->count : block + BLOCK;
        for (uint32_t query = 0; query < count; query++) {
            const uint64_t *wanted = queries + 4 * query;
            for (uint64_t row = block; row < end; row += GROUP) {
                uint32_t mask = 0;
                if (end - row >= GROUP) mask = NAME(near)(part->rows + 4 * row, wanted, radius);
                else
                    for (uint32_t each = 0; each < end - row; each++)
                        mask |= (uint32_t)(NAME(distance)(part->rows + 4 * (row + each), wanted) <= radius) << each;
                for (; mask; mask &= mask - 1) {
                    uint64_t found = row + (uint32_t)__builtin_ctz(mask);
                    int distance = NAME(distance)(part->rows + 4 * found, wanted);
                    say(answer, (hit_t){query, (uint32_t)found, number, (uint16_t)distance});
                }
            }
        }
    }
}

TARGET static void NAME(search)(const part_t *part, uint16_t number, const uint64_t *queries, uint32_t count,
                                int radius, answer_t *answer) {
    if (part->begins && radius <= REACH) NAME(look_up)(part, number, queries, count, radius, answer);
    else NAME(scan)(part, number, queries, count, radius, answer);
}

/* Each bucket of words meets the asked words of its value and of every value that is one bit away: gathered first, so
   that the known ones stay in registers while the asked ones go by. */
TARGET static void NAME(meet)(const grouped_t *known, const grouped_t *asked, uint32_t table, uint64_t *gathered,
                              int radius, nearness_t *nearness) {
    for (uint32_t value = 0; value < SHORT_VALUES; value++) {
        uint32_t from = known->begins[value], to = known->begins[value + 1], many = 0;
        if (from == to) continue;
        for (int probe = 0; probe <= SHORT_BITS; probe++) { /* in a table of 10 bits the last value has no words */
            uint32_t near = probe ? value ^ (1u << (probe - 1)) : value;
            uint32_t first = asked->begins[near], some = asked->begins[near + 1] - first;
            for (uint32_t each = 0; each < some; each++) gathered[many++] = asked->words[first + each];
        }
        for (uint32_t row = from; row < to; row += 8)
            for (uint32_t each = 0; each < many; each++) {
                uint32_t mask = NAME(few)(known->words + row, to - row, gathered[each], radius);
                for (; mask; mask &= mask - 1) {
                    uint32_t found = row + (uint32_t)__builtin_ctz(mask);
                    uint64_t differ = known->words[found] ^ gathered[each];
                    if (short_table(differ) == table) count_near(nearness, known->owners[found], differ, radius);
                }
            }
    }
}

#undef TARGET
#undef NAME
#undef GROUP
