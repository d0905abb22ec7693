#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "oneclick/base/mem.h"

struct thing {
	int a;
	char b[60];
};

static void
what_is_new_is_zero(void **state)
{
	static const struct thing nothing;
	void *life = mem_life(NULL);
	struct thing *one = mem_new(life, struct thing);
	struct thing *many = mem_array(life, struct thing, 100);

	(void)state;
	assert_memory_equal(one, &nothing, sizeof(nothing));
	for (int i = 0; i < 100; i++)
		assert_memory_equal(&many[i], &nothing, sizeof(nothing));
	mem_free(life);
}

static void
an_array_of_none_is_no_null(void **state)
{
	void *life = mem_life(NULL);
	int *array = mem_array(life, int, 0);

	(void)state;
	assert_non_null(array);
	assert_non_null(mem_resize(life, array, int, 0));
	mem_free(life);
}

static void
a_grown_array_keeps_what_it_had(void **state)
{
	void *life = mem_life(NULL);
	int *array = NULL;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		array = mem_resize(life, array, int, (size_t)i + 1);
		array[i] = i;
	}
	for (int i = 0; i < 1000; i++)
		assert_int_equal(array[i], i);
	mem_free(life);
}

static int
count_end(int **counter)
{
	++**counter;
	return 0;
}

static int **
new_counted(const void *ctx, int *counter)
{
	int **piece = mem_new(ctx, int *);

	*piece = counter;
	talloc_set_destructor(piece, count_end);
	return piece;
}

static void
a_life_ends_with_all_its_pieces(void **state)
{
	int ended = 0;
	void *life = mem_life(NULL);
	void *inner = mem_life(life);

	(void)state;
	new_counted(life, &ended);
	new_counted(inner, &ended);
	mem_free(inner);
	assert_int_equal(ended, 1);
	mem_free(life);
	assert_int_equal(ended, 2);
	mem_free(NULL);
}

static void
a_moved_piece_outlives_its_first_life(void **state)
{
	int ended = 0;
	void *first = mem_life(NULL), *second = mem_life(NULL);

	(void)state;
	mem_move(second, new_counted(first, &ended));
	mem_free(first);
	assert_int_equal(ended, 0);
	mem_free(second);
	assert_int_equal(ended, 1);
}

static void
texts_are_copied(void **state)
{
	void *life = mem_life(NULL);
	char source[] = "abc";
	char *copy = mem_text(life, source), *part = mem_textn(life, "a\0b!", 3);

	(void)state;
	source[0] = 'x';
	assert_string_equal(copy, "abc");
	assert_memory_equal(part, "a\0b", 4);
	assert_null(mem_text(life, NULL));
	assert_string_equal(mem_textn(life, NULL, 0), "");
	assert_string_equal(mem_format(life, "%d-%s", 7, "x"), "7-x");
	mem_free(life);
}

static void
too_much_aborts_with_a_line(void **state)
{
	char line[200] = "";
	int ends[2], status;
	pid_t child;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		signal(SIGABRT, SIG_DFL);
		dup2(ends[1], 2);
		mem_array(NULL, char, (size_t)1 << 40);
		_exit(0);
	}
	close(ends[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	assert_true(read(ends[0], line, sizeof(line) - 1) > 0);
	assert_non_null(strstr(line, "out of memory"));
	assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
	close(ends[0]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_new_is_zero),
		cmocka_unit_test(an_array_of_none_is_no_null),
		cmocka_unit_test(a_grown_array_keeps_what_it_had),
		cmocka_unit_test(a_life_ends_with_all_its_pieces),
		cmocka_unit_test(a_moved_piece_outlives_its_first_life),
		cmocka_unit_test(texts_are_copied),
		cmocka_unit_test(too_much_aborts_with_a_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
