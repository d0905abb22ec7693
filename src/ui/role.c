#include "oneclick/ui/role.h"

#include <string.h>

static const char *const names[ROLE_COUNT] = {
#define R(id, name, symbol, word) name,
	ROLE_TABLE(R)
#undef R
};

static const char *const symbols[ROLE_COUNT] = {
#define R(id, name, symbol, word) symbol,
	ROLE_TABLE(R)
#undef R
};

static const char *const words[ROLE_COUNT] = {
#define R(id, name, symbol, word) word,
	ROLE_TABLE(R)
#undef R
};

const char *
role_symbol(enum role role)
{
	return symbols[role];
}

const char *
role_word(enum role role)
{
	return words[role];
}

bool
role_is_state(enum role role)
{
	return *symbols[role] || *words[role];
}

enum role
role_find(const char *name)
{
	unsigned role = 0;

	while (role < ROLE_COUNT && strcmp(names[role], name) != 0)
		role++;
	return (enum role)role;
}

const char *const *
role_names(void)
{
	return names;
}
