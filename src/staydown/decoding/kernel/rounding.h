/* Numbers as numpy has them: every product is rounded before it is added, on whatever processor, so that what is found
   in C is bit for bit what is found without a compiler. */
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off", "no-trapping-math", "no-math-errno")
#endif

#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__clang__)
#define ON_ANY_PROCESSOR __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define ON_ANY_PROCESSOR
#endif
