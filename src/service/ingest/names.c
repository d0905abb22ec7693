#include "names.h"

#include <string.h>
#include <uthash.h>

#include "oneclick/base/mem.h"
#include "oneclick/service/intake.h"

struct name {
	char *key; /* profile, a line's end, name */
	char *id;
	UT_hash_handle hh;
};

struct names {
	struct name *table;
};

static int
free_table(struct names *names)
{
	HASH_CLEAR(hh, names->table);
	return 0;
}

struct names *
names_new(const void *ctx)
{
	struct names *names = mem_new(ctx, struct names);

	talloc_set_destructor(names, free_table);
	return names;
}

/* Names longer than any that is kept are found nowhere. */
struct key {
	char text[NAME_LENGTH_MAX * 2 + 2];
	size_t n;
};

static bool
make_key(const char *profile, const char *name, struct key *out)
{
	size_t p = strlen(profile), n = strlen(name);

	if (p > NAME_LENGTH_MAX || n > NAME_LENGTH_MAX)
		return false;
	memcpy(out->text, profile, p);
	out->text[p] = '\n';
	memcpy(out->text + p + 1, name, n + 1);
	out->n = p + 1 + n;
	return true;
}

static struct name *
find(const struct names *names, const struct key *key)
{
	struct name *found;

	HASH_FIND(hh, names->table, key->text, key->n, found);
	return found;
}

const char *
names_get(const struct names *names, const char *profile, const char *name)
{
	const struct name *found = NULL;
	struct key key;

	if (make_key(profile, name, &key))
		found = find(names, &key);
	return found ? found->id : NULL;
}

static void
add(struct names *names, const struct key *key, const char *id)
{
	struct name *name = mem_new(names, struct name);

	name->key = mem_textn(name, key->text, key->n);
	name->id = mem_text(name, id);
	HASH_ADD_KEYPTR(hh, names->table, name->key, key->n, name);
}

enum err
names_set(struct names *names, const char *profile, const char *name, const char *id,
	bool *is_new, struct fault *why)
{
	struct name *found;
	struct key key;

	if (!make_key(profile, name, &key) || strlen(id) > NAME_LENGTH_MAX)
		return fault(why, ERR_INVALID,
			"The friendly name %.80s is too long; %d bytes are taken.", name,
			NAME_LENGTH_MAX);
	found = find(names, &key);
	*is_new = !found || strcmp(found->id, id) != 0;
	if (!found && HASH_COUNT(names->table) >= NAMES_MAX)
		return fault(why, ERR_INVALID,
			"The friendly name %.80s is one too many; %d are kept.", name,
			NAMES_MAX);
	if (!found) {
		add(names, &key, id);
	} else if (*is_new) {
		mem_free(found->id);
		found->id = mem_text(found, id);
	}
	return ERR_NONE;
}

void
names_forget(struct names *names, const char *profile, const char *name)
{
	struct name *found = NULL;
	struct key key;

	if (make_key(profile, name, &key))
		found = find(names, &key);
	if (!found)
		return;
	HASH_DEL(names->table, found);
	mem_free(found);
}
