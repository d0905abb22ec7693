/* A test that cannot run here says why: cmocka's own skip() has no place for it.
 * tests/run.sh lists the reasons. */
#ifndef ONECLICK_TESTS_SKIP_H
#define ONECLICK_TESTS_SKIP_H

#define skip_unless(holds, why) \
	do { \
		if (!(holds)) { \
			print_message("# skip: %s\n", (why)); \
			skip(); \
		} \
	} while (0)

#endif
